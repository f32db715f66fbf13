import type { Alert } from '../model/alerts/alert.ts';
import type { Platform } from '../model/platform.ts';

/**
 * What the names of all rules over clusters begin with, as in `alert-atlas-demo-clusters-node-not-ready`: by this part
 * they are silenced together.
 */
export function alertPrefix({ names }: Pick<Platform, 'names'>, watches: Alert['watches']): string {
  return `alert-${names.stem}-${watches}-`;
}

export function alertName(platform: Pick<Platform, 'names'>, alert: Alert): string {
  const name = `${alertPrefix(platform, alert.watches)}${alert.id}`;
  return alert.kind === 'health' ? `${name}-${alert.cluster}` : name;
}

/** The comment above a rule. */
export function alertReason({ why, source }: Alert): string {
  return `${why} Source: ${source}.`;
}

/** A duration as Azure takes it: `PT15M`, `PT1H`, `P1D`. */
export function durationText(minutes: number): string {
  if (minutes % 1440 === 0) return `P${minutes / 1440}D`;
  return minutes % 60 === 0 ? `PT${minutes / 60}H` : `PT${minutes}M`;
}
