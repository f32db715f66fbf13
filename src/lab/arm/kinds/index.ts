import type { ArmKind } from '../kind.ts';
import { authorization } from './authorization.ts';
import { compute } from './compute.ts';
import { containerService } from './container-service.ts';
import { containers } from './containers.ts';
import { keyVault } from './key-vault.ts';
import { kubernetesVersions } from './kubernetes-versions.ts';
import { managedIdentity } from './managed-identity.ts';
import { monitoring } from './monitoring.ts';
import { nameAvailability } from './name-availability.ts';
import { network } from './network.ts';
import { operationalInsights } from './operational-insights.ts';
import { resourceKinds } from './resources.ts';
import { storage } from './storage.ts';

/** Every resource type that is more than what was sent. */
export const kinds: readonly ArmKind[] = [
  ...authorization,
  ...compute,
  ...containers,
  ...containerService,
  ...keyVault,
  ...kubernetesVersions,
  ...managedIdentity,
  ...monitoring,
  ...nameAvailability,
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
