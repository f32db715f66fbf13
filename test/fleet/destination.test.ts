import assert from 'node:assert/strict';
import test from 'node:test';
import { cidr } from '../../src/base/cidr.ts';
import { parseDestination } from '../../src/fleet/destination.ts';
import { atlas, fleetOf } from '../support/fleets.ts';

test('a destination is a workload, or a host or range with a port', () => {
  assert.deepEqual(parseDestination('cart'), { kind: 'workload', name: 'cart' });
  assert.deepEqual(parseDestination('API.example.com:443'), {
    kind: 'host',
    host: 'api.example.com',
    port: 443,
  });
  assert.deepEqual(parseDestination('*.example.com:587'), {
    kind: 'host',
    host: '*.example.com',
    port: 587,
  });
  assert.deepEqual(parseDestination('10.9.0.0/24:5432'), {
    kind: 'range',
    range: cidr('10.9.0.0/24'),
    port: 5432,
  });
});

test('what is none says what it lacks', () => {
  for (const [text, problem] of [
    ['api.example.com', /no port; write a workload/],
    ['api.example.com:0', /no port between 1 and 65535/],
    ['api.example.com:65536', /no port between/],
    ['api.example.com:http', /no port between/],
    ['10.9.0.4:443', /is no range; write one address like 10\.9\.0\.4\/32/],
    ['10.9.0.4/24:443', /has host bits set/],
    ['https://api.example.com:443', /is not an IPv4 range/],
    ['cart:80', /is no host name/],
    ['a.*.example.com:80', /is no host name/],
    [':80', /is no host name/],
    ['', /has no port/],
  ] as const) {
    const parsed = parseDestination(text);
    assert.ok(typeof parsed === 'string' && problem.test(parsed), `${text}: ${JSON.stringify(parsed)}`);
  }
});

test('a workload that says nothing is called by nobody and calls nothing', () => {
  const workloads = { storefront: { clusters: ['app1'], image: 'registry.example/storefront:1' } };
  const [storefront] = fleetOf(atlas({ workloads })).workloads;
  assert.deepEqual([storefront!.callers, storefront!.reaches], [[], []]);
});
