import assert from 'node:assert/strict';
import test from 'node:test';
import { formatCidr } from '../../../src/base/cidr.ts';
import type { Evidence } from '../../../src/contract/evidence.ts';
import { evidenceFromTerraform } from '../../../src/contract/terraform/evidence-from-terraform.ts';
import { inTermsOfTerraform } from '../../../src/contract/terraform/wording.ts';
import { planOf } from './made-plan.ts';
import {
  evidenceOf,
  fixture,
  hold,
  lineOf,
  read,
  said,
  type Shown,
  verdictOf,
  withValue,
} from './plan-under-test.ts';

const ROOTS = ['foundation', 'clusters-mgmt', 'clusters-app1', 'clusters-app2'];
const CLUSTER = 'azurerm_kubernetes_cluster';

function atlas(): Shown[] {
  return ROOTS.map((root) => fixture(`atlas-production/${root}.json`));
}

function names(evidence: Evidence, part: 'clusters' | 'vaults' | 'subnets'): (string | undefined)[] {
  return evidence[part]!.map(({ name }) => name);
}

test('the roots of one fleet are one evidence: what one root computes from names, another makes', () => {
  const evidence = evidenceOf(atlas());
  assert.equal(evidence.environment, 'production');
  assert.deepEqual(evidence.region?.name, 'koreacentral');
  assert.deepEqual(
    names(evidence, 'clusters'),
    ['mgmt', 'app1', 'app2'].map((name) => `aks-atlas-prod-${name}`),
  );
  assert.deepEqual(
    evidence.subnets!.map(({ name, isOfNodes, isOfEndpoints }) => [name, isOfNodes, isOfEndpoints]),
    [
      ['snet-endpoints', false, true],
      ['snet-app1', true, false],
      ['snet-app2', true, false],
      ['snet-mgmt', true, false],
    ],
  );
  const uses = evidence.ranges!.map(
    ({ use, cluster, range }) => `${use} ${cluster ?? ''} ${formatCidr(range!)}`,
  );
  assert.ok(uses.includes('nodes aks-atlas-prod-app1 10.2.0.0/16'));
  assert.ok(uses.includes('endpoints  10.4.0.0/25'));
  assert.ok(uses.includes('pods aks-atlas-prod-app1 10.202.0.0/16'));
  const rows = evidence.securityRules!.filter(({ subnet }) => subnet === 'snet-app1');
  assert.equal(rows.length, 8);
  assert.ok(rows.every(({ cluster }) => cluster === 'aks-atlas-prod-app1'));
  assert.deepEqual(
    evidence.federations!.map(({ identity, issuerCluster }) => `${identity} ${issuerCluster}`).toSorted(),
    [
      'id-atlas-prod-app1-secrets aks-atlas-prod-app1',
      'id-atlas-prod-app2-secrets aks-atlas-prod-app2',
      'id-atlas-prod-argocd aks-atlas-prod-mgmt',
      'id-atlas-prod-argocd aks-atlas-prod-mgmt',
      'id-atlas-prod-mgmt-secrets aks-atlas-prod-mgmt',
    ],
  );
  assert.deepEqual(
    hold(...atlas()).findings.filter(({ severity }) => severity !== 'note'),
    [],
  );
});

test('one root alone leaves open what another would say, and breaks nothing', () => {
  for (const plan of atlas()) {
    const { findings } = hold(plan);
    assert.deepEqual(findings.filter(({ isUndetermined }) => !isUndetermined).map(lineOf), []);
  }
  assert.equal(
    verdictOf('egress-fits-outbound-type', fixture('atlas-production/clusters-app1.json')),
    'undetermined',
  );
  assert.equal(verdictOf('one-mgmt-cluster', fixture('atlas-production/clusters-app1.json')), 'undetermined');
});

test('a plan and the state after its apply say the same, and the state leaves less open', () => {
  const plan = hold(fixture('sound.json')).contract.results;
  const state = hold(fixture('sound.state.json')).contract.results;
  for (const [index, { invariant, verdict }] of plan.entries()) {
    const after = state[index]!.verdict;
    assert.ok(after === verdict || verdict === 'undetermined', `${invariant.id}: ${verdict}, then ${after}`);
  }
  const isOpen = ({ verdict }: { verdict: string }): boolean => verdict === 'undetermined';
  assert.ok(state.filter(isOpen).length < plan.filter(isOpen).length);
});

test('what one state makes twice is told, with the other file', () => {
  const twice = [fixture('sound.json'), fixture('sound.json')];
  const finding = hold(...twice).findings.find(({ id }) => id === 'azure-names-are-unique');
  assert.equal(finding!.file, '2.json');
  assert.equal(finding!.related![0]!.file, '1.json');
  assert.match(finding!.message, / of 2\.json and .* of 1\.json would share the resource group platform-prd/);
  assert.match(finding!.help!, /^let one root make it/);
});

test('credentials of one identity in two roots are told', () => {
  const credential = (issuer: string): Shown =>
    planOf({
      blocks: [
        {
          type: 'azurerm_federated_identity_credential',
          name: 'c',
          values: {
            name: `c-${issuer}`,
            user_assigned_identity_id:
              '/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/shared',
            issuer: `https://${issuer}`,
            subject: 'system:serviceaccount:a:b',
            audience: ['api://AzureADTokenExchange'],
          },
        },
      ],
    });
  const id = 'credentials-of-an-identity-in-one-root';
  assert.equal(verdictOf(id, credential('a')), 'held');
  assert.deepEqual(said(id, credential('a'), credential('b')), [
    'error 2.json azurerm_federated_identity_credential.c: shared has credentials in 1.json and 2.json',
  ]);
});

test('a root that makes a cluster and talks to it is told; one that only talks is not', () => {
  const id = 'no-cluster-clients-beside-a-cluster';
  const helm = (plan: Shown): Shown => {
    const provider = { helm: { name: 'helm', full_name: 'registry.terraform.io/hashicorp/helm' } };
    return { ...plan, configuration: { ...(plan.configuration as Shown), provider_config: provider } };
  };
  assert.equal(verdictOf(id, fixture('sound.json')), 'held');
  assert.deepEqual(said(id, helm(fixture('sound.json'))), [
    'error 1.json (the whole file): the root that makes k8s-hub and k8s-shop uses hashicorp/helm',
  ]);
  const talking = helm(
    planOf({ blocks: [{ type: CLUSTER, name: 'c', mode: 'data', values: { name: 'c' } }] }),
  );
  assert.equal(verdictOf(id, talking), 'not applicable');
});

test('a log agent without a collection rule is told', () => {
  const plan = fixture('sound.json');
  withValue(plan, 'azurerm_monitor_data_collection_rule', ['data_sources'], [{ extension: [] }]);
  assert.match(said('log-agent-has-its-rule', plan).join('\n'), /no collection rule is joined to k8s-hub/);
});

test('fleets of two environments are two evidences; what does not say belongs to the only one', () => {
  const of = (environment: string | null): Shown =>
    planOf({
      blocks: [
        {
          type: CLUSTER,
          name: 'c',
          values: { name: 'c', tags: environment === null ? null : { environment } },
        },
      ],
    });
  const environments = (...plans: Shown[]): (string | undefined)[] =>
    evidenceFromTerraform(read(...plans), { known: [] }).map(({ environment }) => environment);
  assert.deepEqual(environments(of('production'), of('demo'), of('demo')), ['demo', 'production']);
  assert.deepEqual(environments(of('Production'), of(null)), ['production']);
  assert.deepEqual(environments(of('staging')), [undefined]);
  assert.deepEqual(environments(of(null)), [undefined]);
  assert.equal(evidenceOf([of(null)], 'demo').environment, 'demo');
  assert.equal(evidenceOf([of('production')], 'demo').environment, 'production');
});

test('the fleet file lends role and tier to the clusters that it knows', () => {
  const known = [{ resourceName: 'AKS-one', resourceGroup: 'RG', role: 'mgmt' as const, tier: 1 }];
  const plan = planOf({
    blocks: [{ type: CLUSTER, name: 'c', values: { name: 'aks-one', resource_group_name: 'rg' } }],
  });
  const [evidence] = evidenceFromTerraform(read(plan), { known });
  assert.deepEqual(
    evidence!.clusters!.map(({ role, tier }) => [role, tier]),
    [['mgmt', 1]],
  );
  assert.equal(evidence!.nodePools![0]!.role, 'mgmt');
});

test('ranges that nobody writes are those that AKS takes', () => {
  const plan = planOf({
    blocks: [
      {
        type: 'azurerm_virtual_network',
        name: 'v',
        values: { name: 'v', resource_group_name: 'rg', address_space: ['10.0.0.0/8'] },
      },
      {
        type: CLUSTER,
        name: 'c',
        values: { name: 'c', network_profile: [{ network_plugin: 'azure', network_plugin_mode: 'overlay' }] },
        refers: { network_profile: [] },
      },
    ],
  });
  const block = ((plan.configuration as Shown).root_module as { resources: Shown[] }).resources[1]!;
  block.expressions = { network_profile: [{ network_plugin: { constant_value: 'azure' } }] };
  assert.match(
    said('pods-and-cluster-ips-outside-the-vnet', plan).join('\n'),
    /10\.244\.0\.0\/16 of c's pods overlaps the VNet[^]*10\.0\.0\.0\/16 of c's ClusterIPs overlaps the VNet/,
  );
});

test('help speaks Terraform', () => {
  for (const plan of [fixture('faulty.json'), fixture('sound.json')]) {
    for (const { id, help } of hold(plan).findings) {
      assert.ok(help, id);
      assert.doesNotMatch(help, /`[\w-]+: |leave it out|vmSizes|maxPrice|\bsku:/, id);
    }
  }
  const zones = {
    id: 'production-spans-zones',
    severity: 'error',
    message: '',
    path: [],
    help: 'write `zones: [1, 3]`, or leave it out',
  } as const;
  assert.equal(inTermsOfTerraform(zones).help, 'write `zones = ["1", "3"]`');
});

/** A subnet with a group and one row, written in one of the ways that azurerm has. */
function guarded(row: Shown, isOwn: boolean): Shown {
  const [subnet, group] = ['azurerm_subnet', 'azurerm_network_security_group'] as const;
  const base = { priority: 100, direction: 'Inbound', access: 'Deny', protocol: '*', name: 'rest' };
  return planOf({
    blocks: [
      {
        type: subnet,
        name: 's',
        values: { name: 's', address_prefixes: ['10.1.0.0/24'] },
        ...(isOwn ? { refers: { network_security_group_id_wo: [`${group}.g.id`] } } : {}),
      },
      { type: group, name: 'g', values: { name: 'g', security_rule: [{ ...base, ...row }] } },
      ...(isOwn
        ? []
        : [
            {
              type: 'azurerm_subnet_network_security_group_association',
              name: 'a',
              refers: { subnet_id: [`${subnet}.s.id`], network_security_group_id: [`${group}.g.id`] },
            },
          ]),
    ],
  });
}

test('a denial of a part denies less than the whole, and is not taken for it', () => {
  const id = 'subnets-deny-by-default';
  const whole = {
    source_address_prefix: 'VirtualNetwork',
    source_port_range: '*',
    destination_address_prefix: '10.1.0.0/16',
    destination_port_range: '*',
  };
  for (const isOwn of [true, false]) {
    assert.equal(verdictOf(id, guarded(whole, isOwn)), 'held');
    assert.equal(verdictOf(id, guarded({ ...whole, access: 'Allow' }, isOwn)), 'broken');
  }
  for (const part of [
    { destination_address_prefix: '10.1.0.0/25' },
    { source_port_range: '1000-2000' },
    { source_application_security_group_ids: ['/subscriptions/s'] },
    { direction: undefined as never },
  ]) {
    assert.equal(verdictOf(id, guarded({ ...whole, ...part }, false)), 'undetermined', JSON.stringify(part));
  }
  assert.equal(verdictOf(id, guarded({ ...whole, direction: 'Outbound' }, false)), 'undetermined');
});

test('alerts whose groups stand in another state reach whom nobody here knows', () => {
  const alert = { type: 'azurerm_monitor_metric_alert', name: 'a', values: { name: 'a' } };
  const group = (receivers: Shown[]) => ({
    type: 'azurerm_monitor_action_group',
    name: 'g',
    values: { name: 'g', email_receiver: receivers, sms_receiver: [] },
  });
  const id = 'alerts-reach-someone';
  assert.equal(verdictOf(id, planOf({ blocks: [alert] })), 'undetermined');
  assert.equal(verdictOf(id, planOf({ blocks: [alert, group([{}])] })), 'held');
  assert.equal(verdictOf(id, planOf({ blocks: [alert, group([])] })), 'broken');
});
