import assert from 'node:assert/strict';
import test from 'node:test';
import {
  fixture,
  hiding,
  hold,
  type Json,
  said,
  type Shown,
  type Steps,
  verdictOf,
  withValue,
} from './plan-under-test.ts';

const CLUSTER = 'azurerm_kubernetes_cluster';
const POOL = 'azurerm_kubernetes_cluster_node_pool';
const SUBNET = 'azurerm_subnet';
const VAULT = 'azurerm_key_vault';
const RULE = 'azurerm_network_security_rule';
const CREDENTIAL = 'azurerm_federated_identity_credential';
const SYSTEM: Steps = ['default_node_pool', 0];
const NETWORK: Steps = ['network_profile', 0];

/** An invariant that a sound plan keeps, one attribute that it hangs on, and a value that breaks it. */
type Fact = readonly [id: string, type: string, path: Steps, wrong: Json, message: RegExp];

const FACTS: readonly Fact[] = [
  [
    'vault-uses-roles',
    VAULT,
    ['rbac_authorization_enabled'],
    false,
    /platform-prd-kv goes by access policies/,
  ],
  ['vault-is-not-public', VAULT, ['public_network_access_enabled'], true, /has a public address/],
  ['vault-survives-deletion', VAULT, ['purge_protection_enabled'], false, /can be purged/],
  ['no-local-accounts', CLUSTER, ['local_account_disabled'], false, /k8s-hub has local accounts/],
  ['no-local-accounts', CLUSTER, ['azure_active_directory_role_based_access_control'], [], /nor Entra/],
  ['workload-identity-is-enabled', CLUSTER, ['workload_identity_enabled'], false, /has no workload identity/],
  ['workload-identity-is-enabled', CLUSTER, ['oidc_issuer_enabled'], false, /has no OIDC issuer/],
  ['clusters-have-no-client-secret', CLUSTER, ['service_principal'], [{}], /a client secret/],
  ['federated-credentials-are-unique', CREDENTIAL, ['audience'], ['a', 'b'], /the audience a, b/],
  ['federated-credentials-are-unique', CREDENTIAL, ['name'], 'x', /a name that Azure refuses/],
  [
    'log-agent-signs-in-by-identity',
    CLUSTER,
    ['oms_agent', 0, 'msi_auth_for_monitoring_enabled'],
    false,
    /by the key of the workspace/,
  ],
  [
    'log-association-name',
    'azurerm_monitor_data_collection_rule_association',
    ['name'],
    'logs',
    /joined as logs: no data flows/,
  ],
  ['spot-eviction-deletes', POOL, ['eviction_policy'], 'Deallocate', /the eviction policy Deallocate/],
  ['spot-label-and-taint', POOL, ['node_labels'], {}, /spota lacks its label/],
  ['spot-label-and-taint', POOL, ['node_labels'], { scalesetpriority: 'spot' }, /without its prefix/],
  ['spot-label-and-taint', POOL, ['node_taints'], [], /spota lacks its taint/],
  ['spot-has-no-surge', POOL, ['upgrade_settings'], [{ max_surge: '1', max_unavailable: null }], /to surge/],
  ['regular-pools-have-no-spot-settings', POOL, ['spot_max_price'], 0.5, /a Spot price limit/],
  ['byo-network-has-a-pod-range', CLUSTER, [...NETWORK, 'pod_cidr'], null, /has no `pod_cidr`/],
  [
    'long-term-support-takes-premium',
    CLUSTER,
    ['support_plan'],
    'AKSLongTermSupport',
    /on the Standard tier/,
  ],
  [
    'delegated-subnets-hold-nothing-else',
    SUBNET,
    ['delegation'],
    [{ service_delegation: [{ name: 'Microsoft.App/environments' }] }],
    /is handed to Microsoft.App\/environments and holds nodes/,
  ],
  ['nat-gateway-fits-its-addresses', 'azurerm_public_ip', ['sku'], 'Standard', /an address of SKU Standard/],
  ['nat-gateway-fits-its-addresses', 'azurerm_nat_gateway', ['sku_name'], 'Standard', /of SKU StandardV2/],
  [
    'endpoint-subnets-apply-their-rules',
    SUBNET,
    ['private_endpoint_network_policies'],
    'Disabled',
    /no security rule of sn-endpoints holds/,
  ],
  ['production-tier1-is-on-demand', POOL, ['priority'], 'Spot', /k8s-hub's user pool is Spot/],
  ['mgmt-is-tier-1', CLUSTER, ['tags', 'tier'], '2', /is put in tier 2/],
  ['control-plane-is-managed', CLUSTER, ['tags', 'tier'], '0', /is put in tier 0/],
  ['one-mgmt-cluster', CLUSTER, ['tags', 'role'], 'mgmt', /both have the role mgmt/],
  ['kubernetes-version-is-supported', CLUSTER, ['kubernetes_version'], '1.20', /is not among|out of support/],
  ['api-server-has-an-sla', CLUSTER, ['sku_tier'], 'Free', /has the Free tier/],
  [
    'operators-can-reach-the-api-server',
    CLUSTER,
    ['api_server_access_profile', 0, 'authorized_ip_ranges'],
    [],
    /the API server of k8s-hub answers everybody/,
  ],
  ['system-pool-size', CLUSTER, [...SYSTEM, 'vm_size'], 'Standard_B2s', /burstable/],
  ['system-pool-has-two-nodes', CLUSTER, [...SYSTEM, 'node_count'], 1, /has 1 node/],
  ['vm-size-is-offered', POOL, ['vm_size'], 'Standard_Nope', /no VM size/],
  ['spot-price-limit', POOL, ['spot_max_price'], 0.001, /below the Spot price/],
  ['spot-has-two-families', POOL, ['vm_size'], 'Standard_D2s_v3', /one family/],
  ['spot-autoscales-from-zero', POOL, ['min_count'], 1, /at least 1/],
  ['spot-autoscales-from-zero', POOL, ['auto_scaling_enabled'], false, /Spot pool spota/],
  ['max-pods-in-range', POOL, ['max_pods'], 5, /take 5 pods/],
  ['os-disk-fits', POOL, ['os_disk_size_gb'], 10, /below 30 GB/],
  ['production-spans-zones', POOL, ['zones'], ['1'], /in zone 1 alone/],
  ['subnets-lie-in-the-vnet', SUBNET, ['address_prefixes'], ['10.99.0.0/22'], /outside of the VNet/],
  [
    'pods-and-cluster-ips-outside-the-vnet',
    CLUSTER,
    [...NETWORK, 'service_cidr'],
    '10.10.0.0/20',
    /overlaps/,
  ],
  ['service-range-size', CLUSTER, [...NETWORK, 'dns_service_ip'], '172.30.0.10', /does not hold/],
  ['security-rule-priorities', RULE, ['priority'], 100, /share priority 100/],
  ['subnets-deny-by-default', RULE, ['access'], 'Allow', /nothing denies/],
  ['load-balancer-probes-are-let-in', RULE, ['source_address_prefix'], 'VirtualNetwork', /keep the probes/],
  [
    'log-retention-range',
    'azurerm_log_analytics_workspace',
    ['retention_in_days'],
    7,
    /are to be kept 7 days/,
  ],
];

for (const [id, type, path, wrong, message] of FACTS) {
  const what = `${id} hangs on ${type}.${path.join('.')}`;
  test(`${what}: kept, broken, and undetermined where it is hidden`, () => {
    // Long-term support is the business of those who have it.
    const kept = id === 'long-term-support-takes-premium' ? 'not applicable' : 'held';
    assert.equal(verdictOf(id, fixture('sound.json')), kept);
    assert.match(said(id, withValue(fixture('sound.json'), type, path, wrong)).join('\n'), message);
    assert.equal(verdictOf(id, hiding(fixture('sound.json'), type, path)), 'undetermined');
  });
}

/** What no plan of the fixtures has: each is added, and then hidden. */
const ADDED: readonly (readonly [id: string, resource: Shown, hidden: string, message: RegExp])[] = [
  [
    'budget-needs-a-contact',
    resource('azurerm_consumption_budget_subscription', {
      notification: [{ contact_emails: [], contact_groups: null, contact_roles: null }],
    }),
    'notification',
    /nobody to tell/,
  ],
  [
    'vault-outage-keeps-secrets',
    resource(CLUSTER, { name: 'csi', key_vault_secrets_provider: [{ secret_rotation_enabled: true }] }),
    'key_vault_secrets_provider',
    /takes the secrets of csi away/,
  ],
  [
    'state-holds-no-secret',
    resource('tls_private_key', {}),
    '',
    /a private key stands in the Terraform state/,
  ],
];

for (const [id, added, hidden, message] of ADDED) {
  test(`${id} of what is added`, () => {
    const plan = state(added);
    assert.match(said(id, plan).join('\n'), message);
    if (hidden === '') return;
    delete (added.values as Shown)[hidden];
    assert.notEqual(verdictOf(id, plan), 'held');
    assert.notEqual(verdictOf(id, plan), 'broken');
  });
}

test('a vault of a demo may be public to named callers, never to all', () => {
  const id = 'vault-is-not-public';
  const vault = (environment: string | null, action: string | undefined): Shown =>
    state(
      resource(VAULT, {
        name: 'v',
        tags: environment === null ? null : { environment },
        public_network_access_enabled: true,
        ...(action === undefined ? {} : { network_acls: [{ default_action: action }] }),
      }),
    );
  assert.equal(verdictOf(id, vault('demo', 'Deny')), 'held');
  assert.match(said(id, vault('demo', 'Allow')).join(), /answers the whole internet/);
  assert.equal(verdictOf(id, vault('demo', undefined)), 'undetermined');
  assert.match(said(id, vault('production', 'Deny')).join(), /has a public address/);
  assert.equal(verdictOf(id, vault(null, 'Deny')), 'undetermined');
  assert.match(said(id, vault(null, 'Allow')).join(), /answers the whole internet/);
});

test('without an environment, nothing that hangs on one is decided', () => {
  const plan = fixture('sound.json');
  for (const type of [CLUSTER, 'azurerm_resource_group'])
    withValue(plan, type, ['tags', 'environment'], 'test');
  const { contract } = hold(plan);
  for (const id of ['production-tier1-is-on-demand', 'demo-user-pools-are-spot', 'vault-survives-deletion']) {
    const result = contract.results.find(({ invariant }) => invariant.id === id);
    assert.equal(result?.verdict, 'undetermined', id);
  }
});

function resource(type: string, values: Shown): Shown {
  return { address: `${type}.one`, mode: 'managed', type, name: 'one', provider_name: 'x/y/z', values };
}

function state(...resources: Shown[]): Shown {
  return { format_version: '1.0', values: { root_module: { resources } } };
}
