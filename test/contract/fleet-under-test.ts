import { type Finding, pathText } from '../../src/base/finding.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { checkContract, type ContractResult, type Waivers } from '../../src/contract/check.ts';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceFromPlatform } from '../../src/contract/evidence-from-platform.ts';
import type { Facts } from '../../src/contract/invariant.ts';
import { invariants } from '../../src/contract/invariants/index.ts';
import type { Environment } from '../../src/fleet/fleet.ts';
import { fileFor } from '../../src/fleet/overrides.ts';
import { resolveFleet } from '../../src/fleet/resolve.ts';
import { buildPlatform } from '../../src/model/build.ts';

/** A file as YAML reads it, or a part of one. */
export type Patch = { readonly [key: string]: unknown };

/** The smallest fleet that breaks nothing in either environment and warns of nothing in production. */
export const quietFile: Patch = {
  name: 'quiet',
  region: 'koreacentral',
  admins: ['11111111-1111-1111-1111-111111111111'],
  operators: { ipRanges: ['203.0.113.0/24'] },
  alerts: { email: 'platform@acme.example' },
  clusters: {
    mgmt: { user: { vmSizes: ['Standard_D2s_v3', 'Standard_D2ds_v5'] } },
    app1: { user: { vmSizes: ['Standard_D2s_v3', 'Standard_D2ds_v5'] } },
    app2: { user: { vmSizes: ['Standard_D2s_v3', 'Standard_D2ds_v5'] } },
  },
};

/** What every demo of `quietFile` hears: it saves on its system pools. */
export const DEMO_WARNINGS = ['system-pool-size', 'system-pool-has-two-nodes'];

/** Evidence of the quiet fleet with a patch laid over it as an environment is laid over a file. */
export function evidenceOf(patch: Patch = {}, environment: Environment = 'demo'): Evidence {
  const file = fileFor({ ...quietFile, environments: { [environment]: patch } }, environment);
  return evidenceFromPlatform(
    buildPlatform(resolveFleet(file as Parameters<typeof resolveFleet>[0], environment).fleet),
  );
}

/**
 * Holds the whole contract against evidence, with the shipped prices of the region unless others are given.
 */
export function hold(
  evidence: Evidence,
  waivers: Waivers = { list: [], today: '2026-11-22' },
  facts: Facts = { prices: builtInPriceBook(evidence.region?.name ?? '') },
): ContractResult {
  return checkContract(invariants, evidence, facts, waivers);
}

/** The findings of one invariant, each as `severity path: message`. */
export function said(id: string, evidence: Evidence, facts?: Facts): string[] {
  const { findings } = hold(evidence, undefined, facts);
  return findings.filter((finding) => finding.id === id).map(lineOf);
}

/** The help of the first finding of one invariant. */
export function helpOf(id: string, evidence: Evidence): string | undefined {
  return hold(evidence).findings.find((finding) => finding.id === id)?.help;
}

/** What one invariant concludes. */
export function verdictOf(id: string, evidence: Evidence): string | undefined {
  return hold(evidence).results.find(({ invariant }) => invariant.id === id)?.verdict;
}

function lineOf({ severity, path, message }: Finding): string {
  return `${severity} ${pathText(path)}: ${message}`;
}
