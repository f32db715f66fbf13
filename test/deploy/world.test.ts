import { describe, it } from 'node:test';
import type { openArm } from '../../src/adapters/azure/arm.ts';
import type { openLease } from '../../src/adapters/azure/blob-lease.ts';
import type { openClusters } from '../../src/adapters/azure/cluster-access.ts';
import type { openVault } from '../../src/adapters/azure/vault.ts';
import type { openHelm } from '../../src/adapters/helm/helm.ts';
import type { openGit } from '../../src/adapters/git/git.ts';
import type { openKube } from '../../src/adapters/kube/kube.ts';
import type { openTerraform } from '../../src/adapters/terraform/terraform.ts';
import type { Kube, World } from '../../src/deploy/world.ts';

/** Adapters lie below the deployment and cannot name its types: whether they fit is said here, to the compiler. */
const fits = <Port>(_make: () => Port): void => undefined;

describe('what a deployment touches', () => {
  it('is what the adapters offer', () => {
    fits<World['terraform']>(null as unknown as () => ReturnType<typeof openTerraform>);
    fits<World['azure']>(null as unknown as () => ReturnType<typeof openArm>);
    fits<World['vault']>(null as unknown as () => ReturnType<typeof openVault>);
    fits<World['lease']>(null as unknown as () => ReturnType<typeof openLease>);
    fits<World['kube']>(null as unknown as () => ReturnType<typeof openClusters>['kube']);
    fits<World['helm']>(null as unknown as () => ReturnType<typeof openHelm>);
    fits<World['git']>(null as unknown as () => ReturnType<typeof openGit>);
    fits<Kube>(null as unknown as () => ReturnType<typeof openKube>);
  });
});
