import type { Finding } from '../../base/finding.ts';

/** What to write in Terraform where an invariant speaks of the fleet file, by invariant. */
const HELP: Readonly<Record<string, string | ((help: string) => string)>> = {
  'control-plane-is-managed': 'tag it with the tier that its workloads have: 1 or 2',
  'demo-user-pools-are-spot':
    'write `priority = "Spot"`, with `eviction_policy = "Delete"` and `spot_max_price = -1`',
  'production-tier1-is-on-demand': 'write `priority = "Regular"`, or leave `priority` out',
  'vault-outage-keeps-secrets':
    'remove `key_vault_secrets_provider`: External Secrets keeps what it has read',
  'one-mgmt-cluster': 'tag one of the two with `role = "app"`',
  'mgmt-is-tier-1': 'tag it with `tier = "1"`',
  'azure-names-are-unique': 'let one root make it, and the other look it up; or give one another name',
  'kubernetes-version-is-supported': (help) => help.replace('`sku: Premium`', '`sku_tier = "Premium"`'),
  'api-server-has-an-sla': 'write `sku_tier = "Standard"`',
  'somebody-administers-the-clusters':
    'write the Entra group of the platform team into `admin_group_object_ids`',
  'live-demo-keeps-mgmt': 'write `priority = "Regular"`, or leave `priority` out',
  'spot-price-limit':
    'write `spot_max_price = -1`: pays the Spot price, on-demand at most, never evicted for it',
  'spot-has-two-families': 'add a Spot pool of another family, e.g. `vm_size = "Standard_D2as_v5"`',
  'system-pool-size': 'write `vm_size = "Standard_D4s_v3"`, or another size of four vCPUs',
  'system-pool-has-two-nodes': 'write `node_count = 3` for a cluster that must outlive a node',
  'vm-size-is-offered': zonesInTerraform,
  'pool-names-are-unique': 'give each pool a name of its own',
  'production-spans-zones': zonesInTerraform,
  'pod-range-holds-the-nodes': (help) => help.replace('maxPods', '`max_pods`'),
  'log-cap-range': 'write what a day may cost, e.g. `daily_quota_gb = 1`',
  'role-assignments-are-unique': 'keep one of the two, in one root: the other takes it away when it lets go',
  'endpoints-let-nodes-in': (help) => help.replace('let ', 'add a row that lets '),
  'budget-needs-a-contact':
    'write `contact_emails`, `contact_roles` or `contact_groups` in each notification',
  'alerts-reach-someone': 'give the action group an `email_receiver`',
};

/** The finding in the words of who reads Terraform: no attribute there can be left to Bulkhead to decide. */
export function inTermsOfTerraform(finding: Finding): Finding {
  if (finding.isUndetermined) return openQuestion(finding);
  if (finding.help === undefined) return finding;
  const own = Object.hasOwn(HELP, finding.id) ? HELP[finding.id] : undefined;
  const help = typeof own === 'function' ? own(finding.help) : (own ?? finding.help);
  return { ...finding, help: help.replace(/, or leave it out$/, '') };
}

/** Where else the answer stands, by what is not said; a state says everything that an apply decides. */
const ANSWERS: Readonly<Record<string, string>> = {
  role: 'tag the cluster with `role`, mgmt or app, or check it together with the fleet file',
  tier: 'tag the cluster with `tier`, 1 or 2, or check it together with the fleet file',
  podMaskPerNode: 'the values of Cilium say it',
};
const STATE = 'the state says it after the apply: check what `terraform show -json` prints of it';

/** `does not say podRange here` in words, with what would say it. */
function openQuestion(finding: Finding): Finding {
  const property = /^undetermined: the evidence does not say (\w+) here/.exec(finding.message)?.[1];
  if (property === undefined) return finding;
  const words = property.replaceAll(/[A-Z]+(?![a-z])|[A-Z]/g, (letters) => ` ${letters.toLowerCase()}`);
  const message = finding.message.replace(
    `the evidence does not say ${property} here`,
    `Terraform does not say ${words} here`,
  );
  return { ...finding, message, help: ANSWERS[property] ?? STATE };
}

/** `zones: [1, 2]` as HCL has it. */
function zonesInTerraform(help: string): string {
  return help.replace(/`zones: \[([\d, ]*)\]`/, (_, list: string) => {
    return `\`zones = [${list.replaceAll(/\d/g, '"$&"')}]\``;
  });
}
