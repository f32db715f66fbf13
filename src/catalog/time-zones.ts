import { storedFacts } from './stored-facts.ts';

type ZoneFile = {
  readonly source: string;
  readonly date: string;
  readonly rows: readonly (readonly [windows: string, iana: string])[];
};

let cached: ReadonlyMap<string, string> | undefined;

/**
 * What Windows calls a zone of the IANA database: `Korea Standard Time` for `Asia/Seoul`. Azure's alert processing
 * rules take no other name (azurerm 5.2.0, monitor_alert_processing_rule_suppression). Undefined for an unknown zone,
 * and for the rare one that Windows has no name for.
 */
export function windowsZone(iana: string): string | undefined {
  cached ??= new Map(
    zoneFile().rows.flatMap(([windows, names]) => names.split(' ').map((name) => [name, windows])),
  );
  return cached.get(iana);
}

function zoneFile(): ZoneFile {
  return storedFacts('time-zones') as ZoneFile;
}
