import { createPrivateKey, createPublicKey, type KeyObject, X509Certificate } from 'node:crypto';
import { StepError } from '../../base/step-error.ts';
import type { MeshCa } from '../run.ts';

/** Where a pair, or half of one, was found, and what its halves are called there. */
export type CaPlace = {
  /** `the vault`, `app1`. */
  readonly name: string;
  readonly certificate: string;
  readonly key: string;
};

/** What was found at a place; either may be missing. PEM texts. */
export type FoundCa = { readonly [Half in keyof MeshCa]?: MeshCa[Half] | undefined };

/**
 * The pair of a place; undefined where there is neither half. Throws a StepError, which quotes neither, for half a pair
 * and for one that Cilium could not sign with: not an authority, ended, or a key of another certificate.
 */
export function soundPair(found: FoundCa, place: CaPlace, now: number): MeshCa | undefined {
  const { certificate, key } = found;
  if (certificate === undefined && key === undefined) return undefined;
  if (certificate === undefined || key === undefined) throw halfPair(found, place);
  const parsed = certificateOf(certificate, place);
  const told = (problem: string): StepError =>
    new StepError(`${place.name} has a mesh CA that cannot be used: ${problem}`, {
      advice: `put a sound one into ${place.certificate} and ${place.key}, the same for all clusters`,
    });
  if (!parsed.ca) throw told(`${place.certificate} is no certificate of an authority`);
  if (Date.parse(parsed.validTo) <= now) throw told(`${place.certificate} ended on ${endOf(parsed)}`);
  if (!parsed.checkPrivateKey(keyOf(key, place)))
    throw told(`${place.key} is not the key of ${place.certificate}`);
  return { certificate, key };
}

/** Throws a StepError unless both are one pair, whatever way their texts are written. */
export function refuseOther(
  one: { readonly ca: FoundCa; readonly place: CaPlace },
  other: { readonly ca: FoundCa; readonly place: CaPlace },
): void {
  const isOther =
    isOtherThan(one.ca.certificate, other.ca.certificate, (text) => text.replaceAll(/\s+/g, '')) ||
    isOtherThan(one.ca.key, other.ca.key, (text) => publicPart(keyOf(text, one.place)));
  if (!isOther) return;
  throw new StepError(`${one.place.name} and ${other.place.name} have different mesh CAs`, {
    advice:
      'clusters with different ones do not trust each other, and to replace one restarts its mesh: decide which one ' +
      `stays, write it to ${one.place.name} and ${other.place.name}, and run the same command again`,
  });
}

/** The private key of a PEM text. Throws a StepError that does not quote it. */
export function keyOf(key: string, place: CaPlace): KeyObject {
  try {
    return createPrivateKey(key);
  } catch {
    throw new StepError(`${place.key} in ${place.name} is no private key in PEM`, {
      advice: `write the key that belongs to ${place.certificate} there, without a password`,
    });
  }
}

/** `2036-11-19`, the day on which the authority ends. */
export function caEnd({ certificate }: MeshCa): string {
  return endOf(new X509Certificate(certificate));
}

function halfPair({ certificate }: FoundCa, place: CaPlace): StepError {
  const [has, lacks] =
    certificate === undefined ? [place.key, place.certificate] : [place.certificate, place.key];
  return new StepError(`${place.name} has ${has} of the mesh CA and no ${lacks}`, {
    advice: `bring ${lacks} back, from a backup or from a cluster that has it; a second CA would split the mesh`,
  });
}

function certificateOf(certificate: string, place: CaPlace): X509Certificate {
  try {
    return new X509Certificate(certificate);
  } catch {
    throw new StepError(`${place.certificate} in ${place.name} is no certificate in PEM`, {
      advice: `write the certificate that belongs to ${place.key} there`,
    });
  }
}

function isOtherThan(
  one: string | undefined,
  other: string | undefined,
  normal: (text: string) => string,
): boolean {
  return one !== undefined && other !== undefined && normal(one) !== normal(other);
}

/** A key may be written in several ways, but has one public part. */
function publicPart(key: KeyObject): string {
  return createPublicKey(key).export({ type: 'spki', format: 'pem' }).toString();
}

function endOf({ validTo }: X509Certificate): string {
  return new Date(validTo).toISOString().slice(0, 10);
}
