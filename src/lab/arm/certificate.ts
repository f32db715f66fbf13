import { createPrivateKey } from 'node:crypto';
import { newP256Key } from '../../base/p256.ts';
import { authorityCertificate } from '../../base/x509.ts';

/** A key and a certificate that vouches for itself, as PEM. */
export type SelfSigned = { readonly key: string; readonly certificate: string };

const DAY_MS = 24 * 60 * 60 * 1000;

/** A lab may be left running for some weeks; a certificate that nobody can use afterwards is one less to worry about. */
const LIFETIME_DAYS = 30;

/** Makes a certificate for these host names and for loopback, good for a month from `now`, in milliseconds since 1970. */
export function selfSigned(hosts: readonly string[], now: number): SelfSigned {
  const key = newP256Key();
  const certificate = authorityCertificate(createPrivateKey(key), {
    commonName: 'Bulkhead lab',
    serial: Uint8Array.of(1),
    from: now - DAY_MS,
    until: now + LIFETIME_DAYS * DAY_MS,
    hosts,
    addresses: ['127.0.0.1'],
  });
  return { key, certificate };
}
