import assert from 'node:assert/strict';
import test from 'node:test';
import { environments } from '../../../src/fleet/fleet.ts';
import { atlas, type FleetData, platformOf } from '../../support/fleets.ts';
import type { Policies } from '../../support/cilium-policy.ts';
import type { Loose } from '../any-platform.ts';
import { type Flow, forbidden, needed, policiesOf, superfluousParts, wrong } from './flow.ts';
import { flowsOf } from './platform-flows.ts';

for (const environment of environments) {
  test(`atlas in ${environment}: what is needed passes, nothing else, and by no more rules than it takes`, () => {
    const policies = policiesOf(platformOf(atlas(), environment));
    const flows = [...flowsOf(environment), ...metadataOf('app1'), ...metadataOf('app2')];
    assert.deepEqual(wrong(policies, flows), []);
    // A team may open what it likes for its own pods: nobody else's let them in, and tokens of the node stay away.
    const opened = withTeamPolicy(policies, 'storefront');
    const beyond = flows.filter(({ from, to }) => !from.includes('storefront') || !isOfTheWorld(to));
    const rows = [...beyond, ...metadataOf('app1'), ...metadataOf('app2')];
    assert.deepEqual(wrong(opened, rows), []);
    assert.deepEqual(
      superfluousParts(opened, rows).filter((part) => !part.includes('by-a-team')),
      [],
    );
  });
}

function metadataOf(cluster: string): readonly Flow[] {
  return ['169.254.169.254', '168.63.129.16'].map((address) =>
    forbidden(`${cluster}/storefront/storefront`, address, 80),
  );
}

/** Whether a place is outside of all clusters. */
function isOfTheWorld(place: string): boolean {
  return !place.includes('/');
}

/** A team can write NetworkPolicies of Kubernetes' own kind in its namespaces: all that one can open at the most. */
function withTeamPolicy(policies: Policies, namespace: string): Policies {
  const everything = {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: { name: 'by-a-team', namespace },
    spec: { endpointSelector: {}, egress: [{ toCIDR: ['0.0.0.0/0'] }] },
  };
  return new Map([...policies].map(([cluster, own]) => [cluster, [...own, everything as Loose]]));
}

/** Four workloads on two peers: cart runs on app2 alone, ledger is called from its own cluster alone. */
const market: FleetData = atlas({
  network: {
    subnets: { mgmt: '10.1.0.0/16', app1: '10.2.0.0/16', app2: '10.3.0.0/16', services: '10.4.0.0/24' },
    peers: [
      ['mgmt', 'app1'],
      ['mgmt', 'app2'],
      ['app1', 'app2'],
    ],
  },
  workloads: {
    storefront: {
      clusters: ['app1'],
      image: 'shop:1',
      callers: ['internet'],
      reaches: ['cart', 'api.example.com:443', '10.9.0.0/24:5432', '*.mail.example.com:587'],
    },
    cart: { clusters: ['app2'], image: 'cart:1', port: 9000, reaches: ['ledger'] },
    ledger: { clusters: ['app1', 'app2'], image: 'ledger:1', callers: ['ledger'] },
  },
  teams: {
    sales: { group: '22222222-2222-2222-2222-222222222222', workloads: ['cart'], namespaces: ['lab'] },
  },
});

const marketFlows: readonly Flow[] = [
  // The internet calls the one workload that lets it, by whatever way a load balancer passes it on.
  ...['203.0.113.9', 'other-node'].flatMap((who) => [
    needed(who, 'app1/storefront/storefront', 8080),
    forbidden(who, 'app1/storefront/storefront', 9000),
    forbidden(who, 'app2/cart/cart', 9000),
  ]),
  // Across the mesh, the way that the file says and not back.
  needed('app1/storefront/storefront', 'app2/cart/cart', 9000),
  forbidden('app1/storefront/storefront', 'app2/cart/cart', 8080),
  forbidden('app2/cart/cart', 'app1/storefront/storefront', 8080),
  forbidden('app1/lab/anything', 'app2/cart/cart', 9000),
  // Callers have ledger beside themselves: no call leaves the cluster.
  needed('app2/cart/cart', 'app2/ledger/ledger', 8080),
  needed('app1/ledger/ledger', 'app1/ledger/ledger', 8080),
  needed('app2/ledger/ledger', 'app2/ledger/ledger', 8080),
  forbidden('app2/cart/cart', 'app1/ledger/ledger', 8080),
  forbidden('app1/ledger/ledger', 'app2/ledger/ledger', 8080),
  forbidden('app1/storefront/storefront', 'app1/ledger/ledger', 8080),
  forbidden('mgmt/monitoring/prometheus', 'app1/ledger/ledger', 8080),
  // What lies outside of the fleet.
  needed('app1/storefront/storefront', 'api.example.com', 443),
  forbidden('app1/storefront/storefront', 'api.example.com', 80),
  forbidden('app1/storefront/storefront', 'www.example.com', 443),
  needed('app1/storefront/storefront', 'smtp.mail.example.com', 587),
  forbidden('app1/storefront/storefront', 'a.smtp.mail.example.com', 587),
  needed('app1/storefront/storefront', '10.9.0.7', 5432),
  forbidden('app1/storefront/storefront', '10.9.1.7', 5432),
  forbidden('app2/cart/cart', 'api.example.com', 443),
  // A team's further namespace is for itself.
  needed('app2/lab/a', 'app2/lab/b', 1, 65_535, '53/UDP'),
  forbidden('app2/lab/a', 'app1/lab/b', 8080),
  forbidden('app2/lab/a', '20.60.7.8', 443),
  ...[
    'app1/storefront/storefront',
    'app2/cart/cart',
    'app2/ledger/ledger',
    'app1/ledger/ledger',
    'app1/cart/nobody',
    'app1/cart/nobody',
    'app2/lab/a',
  ].flatMap((pod) => [
    needed(pod, `${pod.slice(0, 4)}/kube-system/kube-dns`, 53, '53/UDP'),
    needed('own-node', pod, 8080),
    forbidden(pod, '168.63.129.16', 80),
  ]),
];

test('workloads call and are called as the fleet file says, from either end, and no further', () => {
  const policies = policiesOf(platformOf(market, 'production'));
  assert.deepEqual(wrong(policies, marketFlows), []);
  // Denials are proven above, against a team that opens everything.
  const names = ['storefront', 'cart', 'ledger', 'lab'];
  const superfluous = superfluousParts(policies, marketFlows);
  assert.deepEqual(
    superfluous.filter(
      (part) => names.some((name) => part.includes(` ${name}/`)) && !part.includes('egressDeny'),
    ),
    [],
  );
});
