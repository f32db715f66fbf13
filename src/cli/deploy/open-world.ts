import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openArm } from '../../adapters/azure/arm.ts';
import { openLease } from '../../adapters/azure/blob-lease.ts';
import { openClusters } from '../../adapters/azure/cluster-access.ts';
import { openLogin } from '../../adapters/azure/credential.ts';
import { openVault } from '../../adapters/azure/vault.ts';
import { openGit } from '../../adapters/git/git.ts';
import { openHelm } from '../../adapters/helm/helm.ts';
import { openTerraform } from '../../adapters/terraform/terraform.ts';
import { managedClusterPath } from '../../deploy/managed-cluster.ts';
import type { Deployment } from '../../deploy/run.ts';
import type { World } from '../../deploy/world.ts';
import type { Terminal } from '../terminal.ts';
import { leaseIdOf, type WorkFolder } from './work-folder.ts';

/** States on this machine are in the work folder, and whoever has that has them. No keeper sees it. */
const HELD: World['lease'] = {
  isReachable: async () => true,
  acquire: async () => ({ release: async () => undefined }),
};

/** The outside as it is: Azure as whoever is signed in, and the programs of this machine. `close` lets go of it. */
export function openWorld(
  deployment: Deployment,
  folder: WorkFolder,
  { env, parallel }: { readonly env: Terminal['env']; readonly parallel: number },
): { readonly world: World; readonly close: () => Promise<void> } {
  const { subscription, tenant, platform, stateStore } = deployment;
  const login = openLogin(env);
  const azure = openArm(login);
  const clusters = openClusters(azure, login, (name) => {
    const cluster = platform.clusters.find((each) => each.name === name);
    if (!cluster) throw new Error(`the fleet has no cluster ${name}`);
    return managedClusterPath(deployment, cluster);
  });
  const terraform = openTerraform({
    // What a person has set counts: a backend may lie in another subscription.
    env: { ARM_SUBSCRIPTION_ID: subscription, ARM_TENANT_ID: tenant, ...env },
    parallel,
    logFile: ({ path }) => folder.logOf(path),
    backend: ({ path }) =>
      stateStore.kind === 'local'
        ? { path: join(folder.states, `${path}.tfstate`) }
        : {
            resource_group_name: stateStore.resourceGroup,
            storage_account_name: stateStore.account,
            container_name: stateStore.container,
          },
  });
  const lease =
    stateStore.kind === 'local'
      ? HELD
      : openLease(login, { ...stateStore, name: `${platform.names.stem}.lease`, id: leaseIdOf(folder) });
  const world: World = {
    terraform,
    azure,
    vault: openVault(login),
    lease,
    kube: clusters.kube,
    helm: openHelm(env),
    git: openGit(env),
    clock: { now: Date.now, sleep: (ms, signal) => wait(ms, undefined, { signal }) },
    random: (bytes) => randomBytes(bytes),
  };
  const close = async (): Promise<void> => {
    terraform.close();
    await clusters.close();
  };
  return { world, close };
}
