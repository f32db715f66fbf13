import type { FleetFile as CheckedFile } from './schema.ts';

/** The same shape, with lists and maps that may be constants: `as const` makes what it marks read-only. */
type Constant<T> = T extends object ? { readonly [Key in keyof T]: Constant<T[Key]> } : T;

/** One fleet, as `fleet.yaml` writes it. */
export type FleetFile = Constant<CheckedFile>;

/**
 * Marks the fleet that a `fleet.ts` exports, so that the compiler checks its keys and values and the editor
 * completes them: `export default defineFleet({ name: 'atlas', ... })`. Gives back what it is given.
 */
export function defineFleet(fleet: FleetFile): FleetFile {
  return fleet;
}
