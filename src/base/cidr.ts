/** An IPv4 range. `address` is an unsigned 32-bit integer with all host bits zero. */
export type Cidr = { readonly address: number; readonly prefix: number };

/** The outcome of reading a text: a value, or one sentence that says what is wrong with it. */
type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problem: string };

/** Reads a dotted quad. Leading zeros are refused: some readers take them as octal. */
export function parseIpv4(text: string): number | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  let address = 0;
  for (const part of parts) {
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part)) return undefined;
    const octet = Number(part);
    if (octet > 255) return undefined;
    address = address * 256 + octet;
  }
  return address;
}

/** Reads `10.1.0.0/16`. Host bits must be zero: Azure refuses them (`InvalidCIDRNotation`). */
export function parseCidr(text: string): Parsed<Cidr> {
  const slash = text.indexOf('/');
  if (slash < 0) return { ok: false, problem: 'has no prefix length; write it like 10.1.0.0/16' };
  const address = parseIpv4(text.slice(0, slash));
  if (address === undefined) return { ok: false, problem: 'is not an IPv4 range; write it like 10.1.0.0/16' };
  const prefixText = text.slice(slash + 1);
  const prefix = /^(0|[1-9][0-9]?)$/.test(prefixText) ? Number(prefixText) : 99;
  if (prefix > 32) return { ok: false, problem: 'has a prefix length that is not between /0 and /32' };
  const value = rangeHolding(address, prefix);
  if (value.address !== address) {
    return { ok: false, problem: `has host bits set; the range that holds it is ${formatCidr(value)}` };
  }
  return { ok: true, value };
}

/** Like `parseCidr`, for constants of our own: a malformed one is a bug. */
export function cidr(text: string): Cidr {
  const parsed = parseCidr(text);
  if (!parsed.ok) throw new Error(`${text} ${parsed.problem}`);
  return parsed.value;
}

export function formatIpv4(address: number): string {
  return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join('.');
}

export function formatCidr(range: Cidr): string {
  return `${formatIpv4(range.address)}/${range.prefix}`;
}

/** Number of addresses in the range. */
export function sizeOf(range: Cidr): number {
  return 2 ** (32 - range.prefix);
}

/**
 * Addresses that hosts can use in an Azure subnet: all but five, the network and broadcast addresses and the three
 * that Azure keeps (learn.microsoft.com, virtual-networks-faq).
 */
export function usableIn(range: Cidr): number {
  return Math.max(0, sizeOf(range) - 5);
}

export function lastAddress(range: Cidr): number {
  return range.address + sizeOf(range) - 1;
}

export function overlaps(a: Cidr, b: Cidr): boolean {
  return a.address <= lastAddress(b) && b.address <= lastAddress(a);
}

export function contains(outer: Cidr, inner: Cidr): boolean {
  return outer.address <= inner.address && lastAddress(inner) <= lastAddress(outer);
}

export function containsAddress(range: Cidr, address: number): boolean {
  return range.address <= address && address <= lastAddress(range);
}

/**
 * The block number `index` when `range` is cut into blocks of `prefix`, or undefined when it has no such block.
 * `nthBlock(10.4.0.0/24, 26, 2)` is 10.4.0.128/26.
 */
export function nthBlock(range: Cidr, prefix: number, index: number): Cidr | undefined {
  if (prefix < range.prefix || prefix > 32 || index < 0 || index >= 2 ** (prefix - range.prefix))
    return undefined;
  return { address: range.address + index * 2 ** (32 - prefix), prefix };
}

/** Order by address, then wider first. */
export function compareCidr(a: Cidr, b: Cidr): number {
  return a.address - b.address || a.prefix - b.prefix;
}

function rangeHolding(address: number, prefix: number): Cidr {
  const size = 2 ** (32 - prefix);
  return { address: Math.floor(address / size) * size, prefix };
}
