import { createPrivateKey } from 'node:crypto';
import { isP256, newP256Key } from '../base/p256.ts';
import { StepError } from '../base/step-error.ts';
import { authorityCertificate } from '../base/x509.ts';
import type { ClusterPlan } from '../model/platform.ts';
import { caEnd, keyOf, type FoundCa, refuseOther, soundPair } from './bootstrap/ca-pair.ts';
import { placeOf, readClusterCa, VAULT } from './bootstrap/ca-secret.ts';
import { awaitNothing, refusalOf } from './bootstrap/wait.ts';
import { MANAGED_CLUSTER_API, managedClusterPath, powerOf } from './managed-cluster.ts';
import type { MeshCa, Run } from './run.ts';
import type { Step, StepContext, StepResult } from './step.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
/** Ten years: whoever replaces it restarts the mesh. certgen's own lasts three, its leaves one (cilium/certgen 0.4). */
const LIFETIME_DAYS = 3650;
/** The clock of a node may be behind ours. */
const BEFORE_MS = 60 * 60 * 1000;
/** After a first octet that keeps it above zero (RFC 5280, 4.1.2.2). */
const SERIAL_BYTES = 15;

/** A step that waits until the vault lets the signed-in person in: minutes after Terraform gave the role. */
export function vaultStep(run: Run): Step {
  return {
    id: 'vault',
    phase: 'secrets',
    title: 'Vault answers',
    after: ['foundation'],
    run: async (context) => {
      const vaultUri = vaultUriOf(run);
      const { vault, clock } = run.world;
      const wait = {
        unmet: `the vault ${vaultUri} does not let you in`,
        minutes: 10,
        everySeconds: 10,
        advice:
          'be a member of a group that the fleet file names as admins, ' +
          (run.deployment.platform.fleet.environment === 'production'
            ? 'on a machine that is in the VNet or reaches it'
            : 'at an address within its operators') +
          ', and run the same command again',
      };
      const lack = () => refusalOf(() => vault.list(vaultUri, context.signal), context.signal);
      await awaitNothing(lack, wait, clock, context);
      return { isChanged: false };
    },
  };
}

/**
 * The step that finds the CA of the mesh, or makes it where no cluster has one; undefined for a fleet without a mesh.
 * After the step `vault`.
 */
export function meshCaStep(run: Run): Step | undefined {
  if (!run.deployment.platform.clusters.some(({ mesh }) => mesh)) return undefined;
  return {
    id: 'mesh-ca',
    phase: 'mesh-ca',
    title: 'Mesh CA',
    after: ['vault'],
    run: (context) => bringMeshCa(run, context),
  };
}

async function bringMeshCa(run: Run, context: StepContext): Promise<StepResult> {
  const inVault = await readVault(run, context);
  if (inVault.certificate !== undefined && inVault.key !== undefined) {
    // Clusters compare theirs with it when it is written to them: a stopped one is no reason to stop here.
    const ca = soundPair(inVault, VAULT, run.world.clock.now())!;
    run.found.meshCa = ca;
    return { isChanged: false, note: `in the vault, until ${caEnd(ca)}` };
  }
  context.report('asking every cluster that is there');
  const { ca, note } = await missingCa(run, inVault, context);
  run.found.meshCa = await store(run, ca, inVault, context);
  return { isChanged: true, note: `${note}, until ${caEnd(ca)}` };
}

/**
 * A whole pair where the vault has half of one or nothing: a cluster's, or a new one where no cluster has any. Since
 * the key is stored first, a key alone in the vault is what a run left that ended between its two writes: no cluster
 * has seen its certificate, and another one of the same key is as good.
 */
async function missingCa(
  run: Run,
  inVault: FoundCa,
  context: StepContext,
): Promise<{ readonly ca: MeshCa; readonly note: string }> {
  const onCluster = await clustersCa(run, context);
  if (onCluster) {
    refuseOther({ ca: inVault, place: VAULT }, { ca: onCluster.ca, place: placeOf(onCluster.cluster) });
    return { ca: onCluster.ca, note: `taken over from ${onCluster.cluster.name}` };
  }
  if (inVault.key === undefined) {
    // Throws for a certificate without its key.
    soundPair(inVault, VAULT, run.world.clock.now());
    // certgen reads PKCS #8, PKCS #1 and SEC 1 alike (cloudflare/cfssl 1.6.5, helpers.ParsePrivateKeyPEM).
    const key = newP256Key();
    return { ca: { key, certificate: newCertificate(run, key) }, note: 'made' };
  }
  if (!isP256(keyOf(inVault.key, VAULT))) {
    throw new StepError(`the vault has ${VAULT.key} and no ${VAULT.certificate}, and the key is not ours`, {
      advice: `write its certificate to ${VAULT.certificate}`,
    });
  }
  const ca = { key: inVault.key, certificate: newCertificate(run, inVault.key) };
  return { ca, note: 'made for the key in the vault' };
}

function newCertificate({ world, deployment }: Run, key: string): string {
  const { name, environment } = deployment.platform.fleet;
  const now = world.clock.now();
  return authorityCertificate(createPrivateKey(key), {
    commonName: `Mesh of ${name}, ${environment}`,
    serial: Uint8Array.of(1, ...world.random(SERIAL_BYTES)),
    from: now - BEFORE_MS,
    until: now + LIFETIME_DAYS * DAY_MS,
  });
}

/** Stores the halves that the vault lacks, the key first, and answers what the vault then has. */
async function store(run: Run, ca: MeshCa, inVault: FoundCa, context: StepContext): Promise<MeshCa> {
  const { vault, clock } = run.world;
  const vaultUri = vaultUriOf(run);
  for (const half of ['key', 'certificate'] as const) {
    if (inVault[half] === undefined) await vault.set(vaultUri, VAULT[half], ca[half], context.signal);
  }
  const stored = soundPair(await readVault(run, context), VAULT, clock.now());
  if (!stored) throw new StepError('the vault has no mesh CA, though it has just taken one');
  refuseOther({ ca: stored, place: VAULT }, { ca, place: { ...VAULT, name: 'this run' } });
  return stored;
}

async function readVault({ world, found }: Run, { signal }: StepContext): Promise<FoundCa> {
  const vaultUri = vaultUriOf({ found });
  const [certificate, key] = await Promise.all(
    [VAULT.certificate, VAULT.key].map((name) => world.vault.get(vaultUri, name, signal)),
  );
  return { certificate, key };
}

/**
 * The CA that clusters have, all the same one. Throws a StepError where two differ, and where a cluster is there that
 * cannot be asked: it may have one.
 */
async function clustersCa(
  run: Run,
  context: StepContext,
): Promise<{ readonly ca: MeshCa; readonly cluster: ClusterPlan } | undefined> {
  const { clusters } = run.deployment.platform;
  const asked = await Promise.all(
    clusters.map(async (cluster) => {
      const ca = await clusterCa(run, cluster, context);
      return ca === undefined ? [] : [{ ca, cluster }];
    }),
  );
  const [first, ...others] = asked.flat();
  for (const other of others) {
    refuseOther(
      { ca: first!.ca, place: placeOf(first!.cluster) },
      { ca: other.ca, place: placeOf(other.cluster) },
    );
  }
  return first;
}

async function clusterCa(
  { deployment, world }: Run,
  cluster: ClusterPlan,
  { signal }: StepContext,
): Promise<MeshCa | undefined> {
  const inAzure = await world.azure.get(managedClusterPath(deployment, cluster), MANAGED_CLUSTER_API, signal);
  const power = powerOf(inAzure);
  if (power === 'absent') return undefined;
  const { resourceGroup, resourceName } = cluster;
  const aks = `--resource-group ${resourceGroup} --name ${resourceName}`;
  if (power === 'Stopped') {
    throw unasked(cluster, 'it is stopped', `start it: az aks start ${aks}`);
  }
  let found: FoundCa = {};
  const ask = async (): Promise<void> => {
    found = await readClusterCa(await world.kube(cluster.name, signal), signal);
  };
  const refusal = await refusalOf(ask, signal);
  if (refusal !== undefined) {
    throw unasked(
      cluster,
      refusal.message,
      `make it answer, or delete it if nothing on it is needed: az aks delete ${aks}`,
    );
  }
  return soundPair(found, placeOf(cluster), world.clock.now());
}

function unasked({ name }: ClusterPlan, why: string, advice: string): StepError {
  return new StepError(
    `the vault has no mesh CA, and ${name}, which may have one, cannot be asked for it: ${why}`,
    { advice: `${advice}; a second CA would split the mesh` },
  );
}

function vaultUriOf({ found }: Pick<Run, 'found'>): string {
  if (!found.foundation) throw new Error('the vault is asked for before the foundation is there');
  return found.foundation.vaultUri;
}
