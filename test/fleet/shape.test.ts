import assert from 'node:assert/strict';
import { test } from 'node:test';
import { load, SOUND, told } from './told.ts';

const HEAD = 'name: atlas\nregion: koreacentral\nclusters: { mgmt: {} }\n';

test('unknown keys: the nearest key, the place where it belongs, or the keys there are', () => {
  assert.deepEqual(
    told(`name: atlas
regoin: koreacentral
dailyCapGB: 3
clusters:
  app1:
    zones: [1]
    user: { vmSize: Standard_D2s_v3, sku: Free }
    foo: 1
tiers: { 3: {} }
waivers: [{ invariant: C2, reason: r, owner: o, expires: 2027-01-31, until: x }]
clusterMesch: true
environments:
  demo: { nam: x, dailyCapGB: 1, name: x }
`),
    [
      '2:1-2:7 fleet/unknown-key the top level has no key "regoin"; it would have no effect | did you mean region?',
      '3:1-3:11 fleet/unknown-key the top level has no key "dailyCapGB"; it would have no effect | it belongs in observability.logs',
      '6:5-6:10 fleet/unknown-key clusters.app1 has no key "zones"; it would have no effect | it belongs in clusters.app1.user or clusters.app1.system',
      '7:13-7:19 fleet/unknown-key clusters.app1.user has no key "vmSize"; it would have no effect | did you mean vmSizes?',
      '7:38-7:41 fleet/unknown-key clusters.app1.user has no key "sku"; it would have no effect | it belongs in clusters.app1 or registry',
      '8:5-8:8 fleet/unknown-key clusters.app1 has no key "foo"; it would have no effect | the keys here are role, tier, id, kubernetes, sku, pods, user, system',
      '9:10-9:11 fleet/unknown-key tiers has no key "3"; it would have no effect | the keys here are 0, 1, 2',
      '10:70-10:75 fleet/unknown-key waivers[0] has no key "until"; it would have no effect | the keys here are invariant, at, reason, owner, expires',
      '11:1-11:13 fleet/unknown-key the top level has no key "clusterMesch"; it would have no effect | did you mean clusterMesh, which belongs in network?',
      '13:11-13:14 fleet/unknown-key environments.demo has no key "nam"; it would have no effect | remove it; `bulkhead schema` lists the keys that there are',
      '13:19-13:29 fleet/unknown-key environments.demo has no key "dailyCapGB"; it would have no effect | it belongs in environments.demo.observability.logs',
      '13:34-13:38 fleet/unknown-key environments.demo has no key "name"; it would have no effect | it belongs in the top level',
    ],
  );
});

test('wrong types, with what to write instead', () => {
  assert.deepEqual(
    told(`${HEAD}live: yes
admins: 00000000-0000-0000-0000-000000000000
gitops: [a]
alerts:
spot: { maxPrice: "0.04" }
budget: { monthlyUSD: lots }
network: { peers: [mgmt, [mgmt, 1]] }
registry: Basic
`),
    [
      '4:7-4:10 fleet/type live must be true or false, not the text "yes" | write true or false, without quotes',
      '5:9-5:45 fleet/type admins must be a list, not the text "00000000-0000-0000-0000-000000000000" | write its items in brackets, or each on a line of its own after `- `',
      '6:9-6:12 fleet/type gitops must be a map, not a list | write keys and values on the lines below it, indented, without a leading -',
      '7:1-7:7 fleet/type alerts has no value; it must be a map | write {} to take every default, or remove the key',
      '8:19-8:25 fleet/type maxPrice must be a number, not the text "0.04" | remove the quotes',
      '9:23-9:27 fleet/type monthlyUSD must be a number, not the text "lots" | write a number, or remove the key',
      '10:20-10:24 fleet/type peers[0] must be a list, not the text "mgmt" | write a pair like [mgmt, app1]',
      '10:33-10:34 fleet/type peers[1][1] must be text, not the number 1 | put it in quotes: "1"',
      '11:11-11:16 fleet/type registry must be a map, not the text "Basic" | write keys and values on the lines below it, indented, without a leading -',
    ],
  );
});

test('texts that YAML reads as numbers or truth values', () => {
  assert.deepEqual(
    told(
      'name: 123\nregion: on\nclusters: { mgmt: { kubernetes: 1.30 }, app1: { kubernetes: 2026-01-31 } }\n',
    ),
    [
      '1:7-1:10 fleet/type name must be text, not the number 123 | put it in quotes: "123"',
      '3:33-3:37 fleet/type kubernetes must be text, not the number 1.3 | put it in quotes: "1.30"',
      '3:61-3:71 fleet/value "2026-01-31" is no Kubernetes version | write it like "1.35", in quotes',
    ],
  );
});

test('wrong choices', () => {
  assert.deepEqual(
    told(`${HEAD}tiers: { 1: { demo: spot, production: Reserved } }
network: { cni: azure }
registry: { sku: 5 }
environments: { demo: { clusters: { mgmt: { tier: "1", user: { zones: [4, "2"] } } } } }
`),
    [
      '4:21-4:25 fleet/value demo must be Spot or OnDemand, not the text "spot" | did you mean Spot?',
      '4:39-4:47 fleet/value production must be Spot or OnDemand, not the text "Reserved" | write Spot or OnDemand',
      '5:17-5:22 fleet/value cni must be cilium or azure-overlay, not the text "azure" | write cilium or azure-overlay',
      '6:18-6:19 fleet/value sku must be Basic, Standard or Premium, not the number 5 | write Basic, Standard or Premium',
      '7:51-7:54 fleet/value tier must be 0, 1 or 2, not the text "1" | remove the quotes',
      '7:72-7:73 fleet/value zones[0] must be 1, 2 or 3, not the number 4 | write 1, 2 or 3',
      '7:75-7:78 fleet/value zones[1] must be 1, 2 or 3, not the text "2" | remove the quotes',
    ],
  );
});

test('numbers, texts and lists out of bounds', () => {
  assert.deepEqual(
    told(`name: atlas
region: ""
clusters:
  app1: { id: 5000, system: { nodes: 1e20 } }
  app2: { id: 1.5, user: { vmSizes: [], zones: [1, 2, 3, 1], maxPods: 0 } }
spot: { maxPrice: .inf }
network: { peers: [[mgmt], [mgmt, app1, app2]] }
workloads: { web: { clusters: [], image: "" } }
`),
    [
      '2:9-2:11 fleet/value region is empty | Azure region, e.g. koreacentral.',
      '4:15-4:19 fleet/value id must be at most 1000, not 5000 | Mesh id and place in the address plan, 1-255. Default: from the name. Never change it on a running cluster.',
      '4:38-4:42 fleet/value nodes must be at most 100, not 100000000000000000000 | write a number of at most 100',
      '5:15-5:18 fleet/type id must be a whole number, not the number 1.5 | Mesh id and place in the address plan, 1-255. Default: from the name. Never change it on a running cluster.',
      '5:37-5:39 fleet/value vmSizes is empty | One Azure pool for each size; the first is preferred.',
      '5:48-5:60 fleet/value zones holds 4 items; at most 3 are allowed | Availability zones. Default: none in demo, 1 2 3 in production.',
      '5:71-5:72 fleet/value maxPods must be at least 1, not 0 | Most pods on a node; costs memory by its size. Default: 60 in demo, 110 in production.',
      '6:19-6:23 fleet/type maxPrice must be a number, not the number Infinity | write a number, or remove the key',
      '7:20-7:26 fleet/value peers[0] holds 1 item; at least 2 are needed | write at least 2 items',
      '7:28-7:46 fleet/value peers[1] holds 3 items; at most 2 are allowed | write at most 2 items',
      '8:31-8:33 fleet/value clusters is empty | write at least 1 item',
      '8:42-8:44 fleet/value image is empty | write a text of that length, or remove the key',
    ],
  );
});

test('node counts: one finding, in the words for what was written', () => {
  const nodes = (written: string) =>
    told(`name: atlas\nregion: x\nclusters: { app1: { user: { nodes: ${written} } } }\n`).map((text) =>
      text.replace(/^3:36-3:\d+ /, ''),
    );
  assert.deepEqual(nodes('2..5'), []);
  assert.deepEqual(nodes('3'), []);
  assert.deepEqual(nodes('5..2'), ['fleet/value 5..2 has its bounds the wrong way round | write 2..5']);
  assert.deepEqual(nodes('three'), [
    'fleet/value "three" is no node count | write a number or least..most, e.g. 2..5',
  ]);
  const help = 'Nodes that the pods are planned for, over all sizes: a number, or least..most, e.g. 2..5.';
  assert.deepEqual(nodes('2.5'), [`fleet/type nodes must be a whole number, not the number 2.5 | ${help}`]);
  assert.deepEqual(nodes('0'), [`fleet/value nodes must be at least 1, not 0 | ${help}`]);
  assert.deepEqual(nodes('5000'), [`fleet/value nodes must be at most 1000, not 5000 | ${help}`]);
  assert.deepEqual(nodes('[2, 5]'), [`fleet/type nodes must be a number or text, not a list | ${help}`]);
});

test('the small languages speak for themselves', () => {
  assert.deepEqual(
    told(`name: At;  las
region: x
clusters:
  App_1: { foo: 1 }
  app1: { pods: 10.1.2.3/16 }
network: { vnet: ["10.0.0.0; x"] }
schedule: { awake: Mon-Fri }
alerts: { email: nobody }
waivers: [{ invariant: C2, reason: r, owner: o, expires: 2027-13-01 }]
`),
    [
      '1:7-1:15 fleet/value "At;  las" is no fleet name | use 2 to 15 of a-z, 0-9 and single -, starting with a letter, not ending in -',
      '4:3-4:8 fleet/value "App_1" is no cluster name | use 2 to 32 of a-z, 0-9 and -, starting with a letter, not ending in -',
      '4:12-4:15 fleet/unknown-key clusters.App_1 has no key "foo"; it would have no effect | the keys here are role, tier, id, kubernetes, sku, pods, user, system',
      '5:17-5:28 fleet/value "10.1.2.3/16" has host bits set | the range that holds it is 10.1.0.0/16',
      '6:19-6:32 fleet/value "10.0.0.0; x" has no prefix length | write it like 10.1.0.0/16',
      '7:20-7:27 fleet/value "Mon-Fri" names no hours | write days and hours like Mon-Fri 08:00-20:00',
      '8:18-8:24 fleet/value "nobody" is no e-mail address | write it in that form',
      '9:58-9:68 fleet/value "2027-13-01" is no date | write it like "2027-01-31"',
    ],
  );
});

test('missing keys are shown at the map that lacks them', () => {
  assert.deepEqual(told('# a fleet\nregion: koreacentral\nworkloads:\n  web:\n    port: 80\n'), [
    '2:1-2:1 fleet/missing the fleet needs the key name, which is missing | add `name:` there. Part of every Azure name.',
    '2:1-2:1 fleet/missing the fleet needs the key clusters, which is missing | add `clusters:` there',
    '4:3-4:6 fleet/missing workloads.web needs the key clusters, which is missing | add `clusters:` there',
    '4:3-4:6 fleet/missing workloads.web needs the key image, which is missing | add `image:` there',
  ]);
});

test('an environment may change a part of what stands outside of it', () => {
  const web = 'workloads: { web: { clusters: [mgmt], image: x } }\n';
  const change = 'environments: { production: { workloads: { web: { replicas: 3 } } } }\n';
  assert.deepEqual(told(HEAD + web + change), []);
  assert.deepEqual(
    told(HEAD + change).map((text) => text.split(' | ')[0]),
    [
      '4:49-4:64 fleet/missing environments.production.workloads.web needs the key clusters, which is missing',
      '4:49-4:64 fleet/missing environments.production.workloads.web needs the key image, which is missing',
    ],
  );
});

test('values that may be secrets are not repeated', () => {
  const text = `${HEAD}workloads:
  web:
    clusters: [mgmt]
    image: x
    env: { TOKEN: 12345678, KEY: [hunter2], LONG: ${'s'.repeat(5000)}, OLD: 1.5 }
    secrets: ["hunter2 !", 12345678]
environments: { demo: { workloads: { web: { env: { TOKEN: 12345678 } } } } }
`;
  for (const finding of load(text).findings) {
    assert.doesNotMatch(`${finding.message} ${finding.help}`, /12345678|hunter2|sss|1\.5/);
  }
  assert.deepEqual(
    told(text).map((line) => line.split(' | ')[0]),
    [
      '8:19-8:27 fleet/type TOKEN must be text, not a number',
      '8:34-8:43 fleet/type KEY must be text, not a list',
      '8:51-8:5051 fleet/value LONG has 5000 characters; at most 4096 are allowed',
      '8:5058-8:5061 fleet/type OLD must be text, not a number',
      '9:15-9:26 fleet/value secrets[0] is no Key Vault secret name',
      '9:28-9:36 fleet/type secrets[1] must be text, not a number',
      '10:59-10:67 fleet/type TOKEN must be text, not a number',
    ],
  );
});

test('what the schema refuses is taken out, and nothing else', () => {
  const { file, document } = load(`${SOUND}live: maybe
foo: 1
admins: [x, 00000000-0000-0000-0000-000000000000]
spot: { maxPrice: a }
budget: 5
`);
  assert.deepEqual(file, {
    ...load(SOUND).file,
    admins: [undefined, '00000000-0000-0000-0000-000000000000'],
    spot: {},
  });
  assert.equal((document.value as { foo: number }).foo, 1);
});
