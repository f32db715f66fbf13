import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { LAB_CLIENT_ID, objectIdOf } from '../../src/lab/arm/entra.ts';
import type { ArmRequest } from '../../src/lab/arm/request-log.ts';
import { type Arm, startArm } from '../../src/lab/arm/start.ts';
import type { Platform } from '../../src/model/platform.ts';
import { applicationSets, expectedApplications } from '../../src/deploy/argo-cd/expected-applications.ts';
import { synthesize } from '../../src/plan/synthesize.ts';
import { type FleetData, platformOf } from '../../test/support/fleets.ts';
import { type ApiServer, startApiServer } from './api-server.ts';
import { runControllers } from './controllers.ts';
import { type Outcome, runProgram, temporaryFolder } from './processes.ts';
import { findTool, pathOf, repositoryRoot, type Tool } from './tools.ts';
import { writeCharts } from './up-charts.ts';

/** The programs that it needs. */
export const UP_TOOLS: readonly Tool[] = ['azurerm', 'terraform', 'helm', 'kube-apiserver', 'etcd', 'crds'];

const SUBSCRIPTION = '5c1a6d2e-0b3f-4f0e-9d57-2f6f3a8f1c11';
const TENANT = '7e2b9c40-51d4-4c8a-8a63-90f1d2b7e522';

/** Once it has said this, or Azure was asked for that; with its Terraforms, or they go on without it. */
export type Kill = { readonly at: RegExp | ((request: ArmRequest) => boolean); readonly isWhole: boolean };

/** A subscription, clusters, a Git repository and a person's folder: all that `up` touches, on this machine. */
export type UpLab = {
  readonly arm: Arm;
  /** Of a cluster, by its name; started when it is first asked for. */
  readonly server: (cluster: string) => ApiServer;
  /** Writes the fleet file, plans, commits and pushes, as a person does. */
  readonly commit: (data: FleetData) => Promise<Platform>;
  /** Runs the command line in the person's folder. With `kill` it is killed, by signal 9. */
  readonly bulkhead: (args: readonly string[], kill?: Kill) => Promise<Outcome>;
  readonly stop: () => Promise<void>;
};

/** Starts it for clusters of these names: of each an API server with what runs in a cluster. */
export async function startUpLab(names: readonly string[]): Promise<UpLab> {
  const folder = temporaryFolder('up');
  const [home, remote] = [join(folder.path, 'platform'), join(folder.path, 'remote.git')];
  const servers = new Map<string, ApiServer>();
  const applications = new Map<string, readonly string[]>();
  const meshAddresses = new Map<string, string>();
  for (const name of names) servers.set(name, await startApiServer());
  const arm = await startArm({
    now: Date.now,
    subscriptionId: SUBSCRIPTION,
    tenantId: TENANT,
    kubeconfig: (resource) => {
      const server = servers.get(names.find((name) => resource.endsWith(`-${name}`)) ?? '');
      return server && kubeconfigOf(server);
    },
  });
  const controllers = [...servers].map(([name, server]) =>
    runControllers(server, {
      meshAddress: () => meshAddresses.get(name),
      ...(name === 'mgmt' ? { applications: () => [...applications.values()].flat() } : {}),
    }),
  );
  git(folder.path, 'init', '--quiet', '--bare', '--initial-branch=main', remote);
  git(folder.path, 'clone', '--quiet', remote, home);
  const charts = writeCharts(join(folder.path, 'charts'));
  const env = environmentOf(arm, charts, remote);
  const cli = join(repositoryRoot, 'dist/src/cli/main.js');
  const bulkhead: UpLab['bulkhead'] = (args, kill) =>
    runProgram(process.execPath, [cli, ...args], {
      cwd: home,
      env,
      timeoutSeconds: 1500,
      ...(kill && {
        killAt: kill.at instanceof RegExp ? kill.at : arm.seen(kill.at),
        isKilledWhole: kill.isWhole,
      }),
    });
  return {
    arm,
    server: (name) => servers.get(name)!,
    bulkhead,
    commit: async (data) => {
      // Whoever signs in to the lab is a group of administrators of one.
      const admins = [objectIdOf(LAB_CLIENT_ID)];
      const own = { ...data, admins, azure: { subscription: SUBSCRIPTION, tenant: TENANT } };
      writeFileSync(join(home, 'fleet.yaml'), stringify(own));
      writeFileSync(join(home, '.gitignore'), '.bulkhead\n');
      const planned = await bulkhead(['plan', '-e', 'demo', '--out', 'platform']);
      if (planned.exitCode !== 0) throw new Error(planned.stdout + planned.stderr);
      git(home, 'add', '--all');
      git(home, 'commit', '--quiet', '--allow-empty', '--message=Plan');
      git(home, 'push', '--quiet', 'origin', 'HEAD:main');
      const platform = platformOf(own, 'demo');
      const sets = applicationSets(synthesize(platform));
      for (const cluster of platform.clusters) {
        applications.set(cluster.name, expectedApplications(sets, platform, cluster));
        if (cluster.mesh) meshAddresses.set(cluster.name, cluster.mesh.address);
      }
      return platform;
    },
    stop: async () => {
      await Promise.all(controllers.map((each) => each.stop()));
      await Promise.all([...servers.values()].map((each) => each.stop()));
      await arm.stop();
      folder.remove();
    },
  };
}

function environmentOf(arm: Arm, charts: string, remote: string): Record<string, string> {
  const lookup = findTool('azurerm');
  const isConfiguration = lookup.found && lookup.path !== process.env['TF_PLUGIN_CACHE_DIR'];
  return {
    ...arm.environment(),
    BULKHEAD_TERRAFORM: pathOf('terraform'),
    BULKHEAD_HELM: pathOf('helm'),
    BULKHEAD_CHARTS: charts,
    BULKHEAD_KEEPER_IMAGE: 'registry.example.org/bulkhead:1',
    ...(isConfiguration ? { TF_CLI_CONFIG_FILE: lookup.path } : {}),
    NO_COLOR: '1',
    // The fleet names its repository as a person would; git finds it here.
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: `url.${remote}.insteadOf`,
    GIT_CONFIG_VALUE_0: 'https://github.com/acme/platform.git',
  };
}

function kubeconfigOf(server: ApiServer): string {
  const ca = Buffer.from(server.ca).toString('base64');
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'it',
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    clusters: [{ name: 'it', cluster: { server: server.url, 'certificate-authority-data': ca } }],
    users: [{ name: 'it', user: { token: server.token } }],
  });
}

function git(cwd: string, ...args: readonly string[]): void {
  mkdirSync(cwd, { recursive: true });
  const who = ['-c', 'user.name=prove', '-c', 'user.email=prove@example.org'];
  execFileSync('git', [...who, ...args], { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
}
