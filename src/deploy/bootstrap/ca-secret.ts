import { KEPT } from '../../gitops/manifest.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import { MESH_CA_SECRETS } from '../../model/vault-secrets.ts';
import type { MeshCa, Run } from '../run.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Kube, KubeObject } from '../world.ts';
import { type CaPlace, type FoundCa, refuseOther, soundPair } from './ca-pair.ts';

/** Cilium's certgen reads it by this name and these keys (cilium/certgen 0.4, internal/generate). */
const SECRET = { apiVersion: 'v1', kind: 'Secret', name: 'cilium-ca', namespace: 'kube-system' } as const;
const CERTIFICATE = 'ca.crt';
const KEY = 'ca.key';

/** Where the fleet keeps the pair. */
export const VAULT: CaPlace = { name: 'the vault', ...MESH_CA_SECRETS };

/** Gives a cluster the CA of its mesh. One that it has is compared and never replaced. */
export async function writeClusterCa(
  run: Run,
  cluster: ClusterPlan,
  { signal }: StepContext,
): Promise<StepResult> {
  const { world, found } = run;
  if (!found.meshCa) throw new Error('the mesh CA is asked for before it is known');
  const kube = await world.kube(cluster.name, signal);
  const place = placeOf(cluster);
  const there = await readClusterCa(kube, signal);
  // An empty Secret is filled; half a pair is told.
  if (soundPair(there, place, world.clock.now()) !== undefined) {
    refuseOther({ ca: found.meshCa, place: VAULT }, { ca: there, place });
    return { isChanged: false, note: 'is there' };
  }
  const { isChanged } = await kube.apply(secretOf(found.meshCa), { isForced: false }, signal);
  return { isChanged };
}

/** What a cluster has of a pair. */
export async function readClusterCa(kube: Kube, signal: AbortSignal): Promise<FoundCa> {
  const { data = {} } = ((await kube.get(SECRET, signal)) ?? {}) as {
    readonly data?: Readonly<Record<string, string>>;
  };
  return { certificate: decoded(data[CERTIFICATE]), key: decoded(data[KEY]) };
}

export function placeOf({ name }: ClusterPlan): CaPlace {
  return {
    name,
    certificate: `${CERTIFICATE} of Secret ${SECRET.name}`,
    key: `${KEY} of Secret ${SECRET.name}`,
  };
}

/** Kept whatever becomes of what Argo CD holds: without it the mesh splits. */
function secretOf({ certificate, key }: MeshCa): KubeObject {
  const { apiVersion, kind, name, namespace } = SECRET;
  return {
    apiVersion,
    kind,
    metadata: { name, namespace, annotations: KEPT },
    type: 'Opaque',
    data: { [CERTIFICATE]: encoded(certificate), [KEY]: encoded(key) },
  };
}

function encoded(text: string): string {
  return Buffer.from(text, 'utf8').toString('base64');
}

function decoded(base64: string | undefined): string | undefined {
  return base64 === undefined || base64 === '' ? undefined : Buffer.from(base64, 'base64').toString('utf8');
}
