import { generateKeyPairSync, sign } from 'node:crypto';

/** A key and a certificate that vouches for itself, as PEM. */
export type SelfSigned = { readonly key: string; readonly certificate: string };

/** Object identifiers, DER-encoded (RFC 5280, RFC 5758). */
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];

const DAY_MS = 24 * 60 * 60 * 1000;

/** A lab may be left running for some weeks; a certificate that nobody can use afterwards is one less to worry about. */
const LIFETIME_DAYS = 30;

/**
 * Makes a certificate for these host names and for loopback, good for a month from `now`, in milliseconds since 1970.
 * Node signs but writes no certificates, and the lab should not hang on an openssl of the machine: a certificate is a few
 * nested lengths.
 */
export function selfSigned(hosts: readonly string[], now: number): SelfSigned {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const name = sequence(set(sequence(oid(COMMON_NAME), der(0x0c, Buffer.from('Bulkhead lab')))));
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const names = [
    ...hosts.map((host) => der(0x82, Buffer.from(host))),
    der(0x87, Buffer.from([127, 0, 0, 1])),
  ];
  const isAuthority = sequence(der(0x01, Buffer.from([0xff])));
  const extensions = sequence(
    sequence(oid(BASIC_CONSTRAINTS), der(0x01, Buffer.from([0xff])), octets(isAuthority)),
    sequence(oid(SUBJECT_ALT_NAME), octets(sequence(...names))),
  );
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    algorithm,
    name,
    sequence(time(now - DAY_MS), time(now + LIFETIME_DAYS * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(0xa3, extensions),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const base64 = certificate.toString('base64').replaceAll(/.{64}(?!$)/g, '$&\n');
  return {
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    certificate: `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`,
  };
}

/** Tag, length, value. */
function der(tag: number, value: Buffer): Buffer {
  const { length } = value;
  const bytes =
    length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...bytes]), value]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function set(...parts: readonly Buffer[]): Buffer {
  return der(0x31, Buffer.concat(parts));
}

function octets(value: Buffer): Buffer {
  return der(0x04, value);
}

function oid(bytes: readonly number[]): Buffer {
  return der(0x06, Buffer.from(bytes));
}

/** `20261122170000Z` */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return der(0x18, Buffer.from(digits));
}
