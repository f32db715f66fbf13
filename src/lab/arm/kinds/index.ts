import type { ArmKind } from '../kind.ts';
import { authorization } from './authorization.ts';
import { containerService } from './container-service.ts';
import { containers } from './containers.ts';
import { keyVault } from './key-vault.ts';
import { managedIdentity } from './managed-identity.ts';
import { monitoring } from './monitoring.ts';
import { network } from './network.ts';
import { operationalInsights } from './operational-insights.ts';
import { resourceKinds } from './resources.ts';
import { storage } from './storage.ts';

/** Every resource type that is more than what was sent. */
export const kinds: readonly ArmKind[] = [
  ...authorization,
  ...containers,
  ...containerService,
  ...keyVault,
  ...managedIdentity,
  ...monitoring,
  ...network,
  ...operationalInsights,
  ...resourceKinds,
  ...storage,
];

const byType = new Map(kinds.map((kind) => [kind.type, kind]));

/** The kind of a type in lower case; of one that has none, a kind that is stored and told back. */
export function kindOf(type: string): ArmKind {
  return byType.get(type) ?? { type };
}
