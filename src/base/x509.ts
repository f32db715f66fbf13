import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { isP256 } from './p256.ts';

/** What a certificate says that vouches for itself and for others. */
export type Authority = {
  readonly commonName: string;
  /** Big-endian, 1 to 20 octets (RFC 5280, 4.1.2.2); of an authority that others meet, at random. */
  readonly serial: Uint8Array;
  /** Milliseconds since 1970, whole seconds of which count. */
  readonly from: number;
  readonly until: number;
  /** Names and IPv4 addresses of a server that shows this very certificate. Without any it may do nothing but sign. */
  readonly hosts?: readonly string[];
  readonly addresses?: readonly string[];
};

/** Object identifiers, DER-encoded (RFC 5280, RFC 5758). */
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const SUBJECT_KEY_ID = [0x55, 0x1d, 0x0e];
const KEY_USAGE = [0x55, 0x1d, 0x0f];
const SUBJECT_ALT_NAME = [0x55, 0x1d, 0x11];
const BASIC_CONSTRAINTS = [0x55, 0x1d, 0x13];

/** An uncompressed point of P-256: 0x04 and two numbers of 32 octets (SEC 1, 2.3.3). */
const POINT_LENGTH = 65;

const TRUE = der(0x01, Buffer.from([0xff]));
/** Bits 5 and 6, keyCertSign and cRLSign; the last of the octet is unused (RFC 5280, 4.2.1.3). */
const SIGNS_CERTIFICATES = der(0x03, Buffer.from([0x01, 0x06]));

/**
 * A certificate authority that signs itself, as PEM, by its own P-256 key. Node signs but writes no certificates, and
 * nothing here should hang on an openssl of the machine: a certificate is a few nested lengths. Key, serial and times
 * come from the caller. Throws for another kind of key.
 */
export function authorityCertificate(key: KeyObject, authority: Authority): string {
  if (!isP256(key)) throw new Error('the key of an authority is one of the curve P-256');
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const name = sequence(set(sequence(oid(COMMON_NAME), der(0x0c, Buffer.from(authority.commonName)))));
  const algorithm = sequence(oid(ECDSA_WITH_SHA256));
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, positive(authority.serial)),
    algorithm,
    name,
    sequence(time(authority.from), time(authority.until)),
    name,
    publicKey,
    der(0xa3, sequence(...extensions(publicKey, authority))),
  );
  const signature = sign('sha256', body, key);
  const certificate = sequence(body, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const base64 = certificate.toString('base64').replaceAll(/.{64}(?!$)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${base64}\n-----END CERTIFICATE-----\n`;
}

function extensions(publicKey: Buffer, { hosts = [], addresses = [] }: Authority): readonly Buffer[] {
  const names = [
    ...hosts.map((host) => der(0x82, Buffer.from(host))),
    ...addresses.map((address) => der(0x87, Buffer.from(address.split('.').map(Number)))),
  ];
  return [
    sequence(oid(BASIC_CONSTRAINTS), TRUE, octets(sequence(TRUE))),
    sequence(oid(SUBJECT_KEY_ID), octets(octets(keyId(publicKey)))),
    names.length === 0
      ? sequence(oid(KEY_USAGE), TRUE, octets(SIGNS_CERTIFICATES))
      : sequence(oid(SUBJECT_ALT_NAME), octets(sequence(...names))),
  ];
}

/** Method 1 of RFC 5280, 4.2.1.2: SHA-1 of the key's own bits, which for a curve are its point: the end of its SPKI. */
function keyId(publicKey: Buffer): Buffer {
  return createHash('sha1').update(publicKey.subarray(-POINT_LENGTH)).digest();
}

/** The shortest two's complement that is not below zero. */
function positive(number: Uint8Array): Buffer {
  const first = number.findIndex((octet) => octet !== 0);
  if (first < 0 || number.length > 20) throw new Error('a serial is above zero and has 20 octets at most');
  const octets = Buffer.from(number.subarray(first));
  return octets[0]! < 0x80 ? octets : Buffer.concat([Buffer.from([0]), octets]);
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

/** `261122170000Z`, and from 2050 on with all four digits of the year (RFC 5280, 4.1.2.5). */
function time(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replaceAll(/[-:T]|\.\d+/g, '');
  return Number(digits.slice(0, 4)) < 2050
    ? der(0x17, Buffer.from(digits.slice(2)))
    : der(0x18, Buffer.from(digits));
}
