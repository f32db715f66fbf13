import { generateKeyPairSync, type KeyObject } from 'node:crypto';

/**
 * A new private key of the curve P-256, as PKCS #8 in PEM. Text, and never the object that Node would give: that one shares
 * a lock with the job that made it, and when Node 20 collects the job while the object is exported as a JWK, it waits for
 * itself for ever (20.20.2: `ExportJWKEcKey` holds the lock of the key, allocates, and so runs `~KeyGenJob`, which takes it).
 */
export function newP256Key(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

/** Whether this is a private key of that curve. */
export function isP256(key: KeyObject): boolean {
  // OpenSSL's name of the curve that NIST calls P-256.
  return key.type === 'private' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
}
