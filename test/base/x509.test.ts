import assert from 'node:assert/strict';
import { createHash, createPrivateKey, generateKeyPairSync, X509Certificate } from 'node:crypto';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { newP256Key } from '../../src/base/p256.ts';
import { authorityCertificate } from '../../src/base/x509.ts';

const privateKey = createPrivateKey(newP256Key());
const NOW = Date.parse('2026-11-22T12:00:00Z');
const AUTHORITY = { commonName: 'Mesh', serial: Uint8Array.of(7), from: NOW, until: NOW + 1000 };

describe('the certificate of an authority', () => {
  it('vouches for itself, by its own key', () => {
    const certificate = new X509Certificate(authorityCertificate(privateKey, AUTHORITY));
    assert.equal(certificate.ca, true);
    assert.equal(certificate.subject, 'CN=Mesh');
    assert.equal(certificate.issuer, 'CN=Mesh');
    assert.ok(certificate.checkPrivateKey(privateKey));
    assert.ok(certificate.verify(certificate.publicKey));
    assert.ok(certificate.checkIssued(certificate));
  });

  it('may only sign, unless it is a server too', () => {
    const keyUsage = Buffer.from('0603551d0f0101ff040403020106', 'hex');
    const raw = (more: object): Buffer =>
      new X509Certificate(authorityCertificate(privateKey, { ...AUTHORITY, ...more })).raw;
    assert.ok(raw({}).includes(keyUsage));
    assert.ok(!raw({ hosts: ['*.vault.azure.net'] }).includes(keyUsage));
    const server = { ...AUTHORITY, hosts: ['*.vault.azure.net'], addresses: ['127.0.0.1'] };
    const certificate = new X509Certificate(authorityCertificate(privateKey, server));
    assert.ok(certificate.checkHost('kv.vault.azure.net'));
    assert.ok(certificate.checkIP('127.0.0.1'));
    assert.equal(certificate.checkHost('example.org'), undefined);
  });

  it('names its key by the SHA-1 of the point', () => {
    const { x = '', y = '' } = privateKey.export({ format: 'jwk' });
    const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
    const keyId = createHash('sha1').update(point).digest();
    const extension = Buffer.concat([Buffer.from('0603551d0e04160414', 'hex'), keyId]);
    assert.ok(new X509Certificate(authorityCertificate(privateKey, AUTHORITY)).raw.includes(extension));
  });

  it('has the serial and the times that it is given, on both sides of 2050', () => {
    const year = 365 * 24 * 60 * 60 * 1000;
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 1, maxLength: 20 }).filter((octets) => octets.some((octet) => octet > 0)),
        fc.integer({ min: 0, max: 60 }),
        (serial, years) => {
          const until = NOW + years * year;
          const text = authorityCertificate(privateKey, { ...AUTHORITY, serial, until });
          const certificate = new X509Certificate(text);
          const wanted = BigInt(`0x${Buffer.from(serial).toString('hex')}`);
          assert.equal(BigInt(`0x${certificate.serialNumber}`), wanted);
          assert.equal(Date.parse(certificate.validFrom), NOW);
          assert.equal(Date.parse(certificate.validTo), until);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('is of a P-256 key, with a serial above zero', () => {
    const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey;
    assert.throws(() => authorityCertificate(rsa, AUTHORITY), /P-256/);
    const zero = { ...AUTHORITY, serial: new Uint8Array(16) };
    assert.throws(() => authorityCertificate(privateKey, zero), /serial/);
    assert.throws(
      () => authorityCertificate(privateKey, { ...AUTHORITY, serial: new Uint8Array(21).fill(1) }),
      /20 octets/,
    );
  });
});
