/** What a `fleet.ts` may import from the package. Everything else is the command line's. */
export { defineFleet, type FleetFile } from './fleet/define-fleet.ts';
