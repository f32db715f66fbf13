import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cidr,
  type Cidr,
  contains,
  containsAddress,
  formatCidr,
  formatIpv4,
  lastAddress,
  nthBlock,
  overlaps,
  parseCidr,
  parseIpv4,
  sizeOf,
  usableIn,
} from '../../src/base/cidr.ts';

const range: fc.Arbitrary<Cidr> = fc
  .tuple(fc.nat(0xffffffff), fc.integer({ min: 0, max: 32 }))
  .map(([address, prefix]) => ({
    address: Math.floor(address / 2 ** (32 - prefix)) * 2 ** (32 - prefix),
    prefix,
  }));

test('a range is read and written', () => {
  assert.deepEqual(parseCidr('10.1.0.0/16'), { ok: true, value: { address: 0x0a010000, prefix: 16 } });
  assert.equal(formatCidr(cidr('255.255.255.255/32')), '255.255.255.255/32');
  assert.equal(formatCidr(cidr('0.0.0.0/0')), '0.0.0.0/0');
});

test('what is no range is refused with a reason', () => {
  const problem = (text: string): string => {
    const parsed = parseCidr(text);
    return parsed.ok ? 'fine' : parsed.problem;
  };
  assert.match(problem('10.1.0.0'), /no prefix length/);
  assert.match(problem('10.1.0/16'), /not an IPv4 range/);
  assert.match(problem('10.1.0.0/33'), /not between \/0 and \/32/);
  assert.match(problem('10.1.0.0/016'), /not between/);
  assert.match(problem('010.1.0.0/16'), /not an IPv4 range/);
  assert.match(problem('10.256.0.0/16'), /not an IPv4 range/);
  assert.match(problem('10.1.2.3/16'), /host bits set; the range that holds it is 10\.1\.0\.0\/16/);
  assert.match(problem('::1/128'), /not an IPv4 range/);
});

test('reading what was written gives the same range', () => {
  fc.assert(
    fc.property(range, (one) => assert.deepEqual(parseCidr(formatCidr(one)), { ok: true, value: one })),
  );
});

test('overlap is what addresses in common are', () => {
  fc.assert(
    fc.property(range, range, (a, b) => {
      const common = [a.address, lastAddress(a), b.address, lastAddress(b)].some(
        (address) => containsAddress(a, address) && containsAddress(b, address),
      );
      assert.equal(overlaps(a, b), common);
      assert.equal(overlaps(a, b), overlaps(b, a));
      // CIDR ranges either nest or are apart.
      assert.equal(overlaps(a, b), contains(a, b) || contains(b, a));
    }),
  );
});

test('blocks tile a range', () => {
  fc.assert(
    fc.property(range, fc.nat(4), (outer, bits) => {
      const prefix = outer.prefix + bits;
      if (prefix > 32) return;
      let next = outer.address;
      for (let index = 0; index < 2 ** bits; index++) {
        const block = nthBlock(outer, prefix, index);
        assert.ok(block);
        assert.equal(block.address, next);
        next += sizeOf(block);
      }
      assert.equal(next, lastAddress(outer) + 1);
      assert.equal(nthBlock(outer, prefix, 2 ** bits), undefined);
    }),
  );
});

test('Azure keeps five addresses of a subnet', () => {
  assert.equal(usableIn(cidr('10.0.0.0/24')), 251);
  assert.equal(usableIn(cidr('10.0.0.0/30')), 0);
});

test('addresses are read strictly', () => {
  assert.equal(parseIpv4('1.2.3.4'), 0x01020304);
  assert.equal(formatIpv4(0x01020304), '1.2.3.4');
  for (const text of ['1.2.3', '1.2.3.4.5', '1.2.3.x', '01.2.3.4', '', '1..2.3'])
    assert.equal(parseIpv4(text), undefined);
});
