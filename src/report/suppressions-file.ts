import { compareText } from '../base/order.ts';
import { type KnownAlarm, type Scanner, scanners } from '../contract/suppressions/known-alarm.ts';
import { renderComment, renderYaml } from '../gitops/yaml.ts';
import type { Platform } from '../model/platform.ts';
import { type Suppression, suppressionsOf } from '../plan/suppressions.ts';

/**
 * The file that keeps a scanner from telling what is known and decided: a baseline for Checkov, an ignore file for
 * Trivy. Each check stands in it with its reason and its decision.
 */
export function renderSuppressions(platform: Platform, scanner: Scanner): string {
  const suppressions = suppressionsOf(platform, scanner);
  switch (scanner) {
    case 'checkov':
      return checkovBaseline(platform, suppressions);
    case 'trivy':
      return trivyIgnoreFile(platform, suppressions);
    default:
      return scanner satisfies never;
  }
}

/**
 * Checkov reads `failed_checks` of its baseline, matches by resource and check, and leaves other keys alone: the
 * reasons stand there once each, above the places.
 */
function checkovBaseline(platform: Platform, suppressions: readonly Suppression[]): string {
  const baseline = {
    about: [
      headline(platform, 'checkov'),
      'Use: checkov -d terraform --framework terraform --baseline <this file> --output-baseline-as-skipped',
    ],
    reasons: alarmsOf(suppressions).map((alarm) => ({
      check_ids: alarm.checks.checkov,
      adr: alarm.adr,
      reason: alarm.reason,
      source: alarm.source,
    })),
    failed_checks: groupBy(suppressions, ({ file }) => file).map(([file, ofFile]) => ({
      file: `/${file}`,
      findings: groupBy(ofFile, ({ resource }) => resource).map(([resource, ofResource]) => ({
        resource,
        check_ids: ofResource.map(({ check }) => check),
      })),
    })),
  };
  return `${JSON.stringify(baseline, null, 2)}\n`;
}

/** Trivy matches by check and file. With `**` it does not matter from which folder above the roots it is started. */
function trivyIgnoreFile(platform: Platform, suppressions: readonly Suppression[]): string {
  const misconfigurations = alarmsOf(suppressions).flatMap((alarm) =>
    (alarm.checks.trivy ?? []).map((id) => ({
      id,
      paths: suppressions
        .filter((suppression) => suppression.alarm === alarm && suppression.check === id)
        .map(({ file }) => `**/${file}`),
      statement: `${alarm.adr}: ${alarm.reason} (${alarm.source})`,
    })),
  );
  const head = [
    headline(platform, 'trivy'),
    'Taken from the text of its checks, trivy-checks 2.2.0, not from a run. Ids are those of Trivy 0.69 and newer; ' +
      'older ones put AVD- before them.',
    'Use: trivy config --ignorefile <this file> terraform',
  ];
  return `${renderComment(head.join('\n'))}${renderYaml({ misconfigurations })}`;
}

function headline({ fleet }: Platform, scanner: Scanner): string {
  const { name, version } = scanners[scanner];
  return (
    `What ${name} ${version} is to be silent about in fleet ${fleet.name}, ${fleet.environment}, and why. ` +
    'Written by Bulkhead: change the fleet file instead.'
  );
}

/** The alarms that these suppressions are for, by their first check. */
function alarmsOf(suppressions: readonly Suppression[]): readonly KnownAlarm[] {
  const byCheck = suppressions.toSorted((a, b) => compareText(a.check, b.check));
  return [...new Set(byCheck.map(({ alarm }) => alarm))];
}

/** In order of appearance. */
function groupBy<One>(
  items: readonly One[],
  keyOf: (item: One) => string,
): readonly (readonly [string, readonly One[]])[] {
  const groups = new Map<string, One[]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return [...groups];
}
