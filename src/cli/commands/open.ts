import { StepError } from '../../base/step-error.ts';
import { openBrowser } from '../../adapters/browser.ts';
import { openKube } from '../../adapters/kube/kube.ts';
import type { ForwardEvent } from '../../adapters/kube/pod-dialer.ts';
import type { KubeConnection } from '../../adapters/kube/request.ts';
import type { ServicePort } from '../../adapters/kube/service-pods.ts';
import { MANAGED_CLUSTER_API, managedClusterPath, powerOf } from '../../deploy/managed-cluster.ts';
import type { World } from '../../deploy/world.ts';
import { ARGO_CD_NAMESPACE } from '../../gitops/application-set.ts';
import { MONITORING_NAMESPACE } from '../../gitops/components/kube-prometheus-stack.ts';
import { suffixOf } from '../../model/names.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import { GRAFANA_SECRETS } from '../../model/vault-secrets.ts';
import { printable } from '../../report/style.ts';
import { managedMetricsNames } from '../../terraform/azure-names.ts';
import { readSubscribedFleet, type SubscribedFleet } from '../subscribed-fleet.ts';
import type { OpenOptions } from '../options.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';

/** The outside of the command, so that a test can give another. */
export type OpenTools = {
  readonly openAzure: (env: Terminal['env']) => Promise<OpenAzure>;
  readonly browse: (url: string, env: Terminal['env']) => void;
  /** A signal that Ctrl-C aborts, until `done`. */
  readonly untilStopped: () => { readonly signal: AbortSignal; readonly done: () => void };
};

type OpenAzure = {
  readonly get: World['azure']['get'];
  readonly connection: (
    cluster: { readonly name: string; readonly id: string },
    signal: AbortSignal,
  ) => Promise<KubeConnection>;
};

type Target = SubscribedFleet;

type Page = {
  readonly title: string;
  readonly service: ServicePort;
  /** Of this machine: the one that the page itself takes for its address. */
  readonly port: number;
  readonly scheme: 'http' | 'https';
  readonly signIn: (target: Target, mgmt: ClusterPlan) => string;
};

const PAGES: Readonly<Record<OpenOptions['page'], Page>> = {
  grafana: {
    title: 'Grafana',
    service: { namespace: MONITORING_NAMESPACE, service: 'kube-prometheus-stack-grafana', port: 80 },
    port: 3000,
    scheme: 'http',
    signIn: grafanaSignIn,
  },
  argocd: {
    title: 'Argo CD',
    service: { namespace: ARGO_CD_NAMESPACE, service: 'argocd-server', port: 443 },
    port: 8080,
    scheme: 'https',
    signIn: argoCdSignIn,
  },
};

/** Of Microsoft.Dashboard/grafana (learn.microsoft.com, azure/templates/microsoft.dashboard/grafana). */
const GRAFANA_API = '2025-08-01';

/** `bulkhead open`: leads a port of this machine to a page on mgmt, until Ctrl-C. */
export async function openCommand(
  options: OpenOptions,
  terminal: Terminal,
  tools: OpenTools = HERE,
): Promise<number> {
  const target = await readSubscribedFleet(options, 'its clusters are looked for there', terminal);
  if (target === undefined) return EXIT.usage;
  const isAzures = options.page === 'grafana' && target.platform.fleet.observability.stack === 'azure';
  const { signal, done } = tools.untilStopped();
  const opening = { terminal, tools, signal, isBrowsing: options.browser && terminal.stdout.isTTY === true };
  try {
    const azure = await tools.openAzure(terminal.env);
    await (isAzures ? showAzures(target, azure, opening) : forward(options, target, azure, opening));
    return EXIT.fine;
  } catch (error) {
    if (signal.aborted) return EXIT.fine;
    if (!(error instanceof StepError)) throw error;
    const advice = error.advice === undefined ? '' : `  ${printable(error.advice)}\n`;
    terminal.stderr.write(`bulkhead: ${printable(error.message)}\n${advice}`);
    return EXIT.usage;
  } finally {
    done();
  }
}

type Opening = {
  readonly terminal: Terminal;
  readonly tools: OpenTools;
  readonly signal: AbortSignal;
  readonly isBrowsing: boolean;
};

async function forward(
  options: OpenOptions,
  target: Target,
  azure: OpenAzure,
  opening: Opening,
): Promise<void> {
  const { terminal, tools, signal, isBrowsing } = opening;
  const page = PAGES[options.page];
  const mgmt = target.platform.clusters.find(({ role }) => role === 'mgmt');
  if (mgmt === undefined)
    throw new UsageError(`${options.file} has no cluster mgmt, where ${page.title} runs`);
  tell(opening, `asking Azure for ${mgmt.resourceName}`);
  const id = await runningCluster(target, mgmt, azure, signal);
  const connection = await azure.connection({ name: mgmt.name, id }, signal);
  const kube = openKube(connection);
  try {
    const { forwardPort } = await import('../../adapters/kube/port-forward.ts');
    tell(opening, `looking for the pod of ${page.title}`);
    const port = options.port ?? page.port;
    const report = (event: ForwardEvent): void => void terminal.stderr.write(eventText(event));
    const opened = await forwardPort(page.service, { kube, connection }, { port, report }, signal);
    const url = `${page.scheme}://127.0.0.1:${opened.port}/`;
    const { bold, dim } = styleFor(terminal.stdout, terminal.env);
    const where = `${page.title} of ${target.platform.names.stem}, on ${mgmt.resourceName}`;
    terminal.stdout.write(
      `${where}: ${bold(url)}\n\n${page.signIn(target, mgmt)}\n${dim('Open on this machine alone. Ctrl-C ends it.')}\n`,
    );
    if (isBrowsing) tools.browse(url, terminal.env);
    await opened.ended;
  } finally {
    kube.close();
  }
}

/** The id in Azure of a cluster that answers. Rejects with a StepError where there is none, or it is stopped. */
async function runningCluster(
  target: Target,
  cluster: ClusterPlan,
  azure: OpenAzure,
  signal: AbortSignal,
): Promise<string> {
  const { name, resourceGroup, resourceName } = cluster;
  const id = managedClusterPath(target, cluster);
  const power = powerOf(await azure.get(id, MANAGED_CLUSTER_API, signal));
  if (power === 'absent') {
    throw new StepError(`the cluster ${name} is not there: ${resourceName} in ${resourceGroup}`, {
      advice: '`bulkhead up` brings it about',
    });
  }
  if (power === 'Stopped') {
    throw new StepError(`the cluster ${name} is stopped`, {
      advice: `wake it: az aks start --resource-group ${resourceGroup} --name ${resourceName}`,
    });
  }
  return id;
}

/** Azure's own Grafana is on the internet and takes Entra's sign-in: nothing to forward. */
async function showAzures(
  { platform, subscription }: Target,
  azure: OpenAzure,
  { terminal, tools, signal, isBrowsing }: Opening,
): Promise<void> {
  const { grafana } = managedMetricsNames(platform.names.stem);
  const { resourceGroup } = platform.names;
  const group = `/subscriptions/${subscription}/resourceGroups/${resourceGroup}`;
  const path = `${group}/providers/Microsoft.Dashboard/grafana/${grafana}`;
  const found = (await azure.get(path, GRAFANA_API, signal)) as
    | { readonly properties?: { readonly endpoint?: string } }
    | undefined;
  if (found === undefined) {
    throw new StepError(`Azure runs the Grafana of this fleet, and ${grafana} is not there yet`, {
      advice: '`bulkhead up` brings it about',
    });
  }
  const url = found.properties?.endpoint;
  if (url === undefined) throw new StepError(`Azure does not say yet where ${grafana} is`);
  terminal.stdout.write(
    `Azure runs the Grafana of this fleet (observability.stack: azure); there is none on mgmt.\n\n` +
      `  address   ${printable(url)}\n  account   yours in Entra; the admins of the fleet have the role Grafana Admin\n`,
  );
  if (isBrowsing) tools.browse(url.endsWith('/') ? url : `${url}/`, terminal.env);
}

function grafanaSignIn({ platform, subscription }: Target): string {
  const { names, fleet } = platform;
  const vault = `${names.vaultPrefix}${suffixOf(names, subscription)}`;
  const show = `az keyvault secret show --vault-name ${vault} --output tsv --query value --name`;
  const reach =
    fleet.environment === 'production'
      ? '            from within the VNet: the vault answers there alone\n'
      : '';
  return (
    `  account   admin, unless ${GRAFANA_SECRETS.user} in the vault is another\n` +
    `  password  ${show} ${GRAFANA_SECRETS.password}\n${reach}`
  );
}

function argoCdSignIn(_target: Target, { resourceGroup, resourceName }: ClusterPlan): string {
  const secret = `--namespace ${ARGO_CD_NAMESPACE} get secret argocd-initial-admin-secret`;
  return (
    '  account   admin\n' +
    `  password  kubectl --context ${resourceName} ${secret} --output jsonpath='{.data.password}' | base64 --decode\n` +
    '            unless it was changed since; where kubectl does not know the cluster:\n' +
    `            az aks get-credentials --resource-group ${resourceGroup} --name ${resourceName}\n` +
    '  The browser warns: Argo CD made its certificate itself. The way to it is encrypted by the API server.\n'
  );
}

function eventText(event: ForwardEvent): string {
  return event.kind === 'forwarding'
    ? `forwarding to the pod ${printable(event.pod)}\n`
    : `${printable(event.why)}; looking for a pod that takes connections\n`;
}

/** For who waits. */
function tell({ terminal }: Opening, text: string): void {
  if (terminal.stderr.isTTY === true) terminal.stderr.write(`${text}\n`);
}

const HERE: OpenTools = {
  openAzure: async (env) => {
    const { openLogin } = await import('../../adapters/azure/credential.ts');
    const { openArm } = await import('../../adapters/azure/arm.ts');
    const { clusterConnection } = await import('../../adapters/azure/cluster-connection.ts');
    const login = openLogin(env);
    const arm = openArm(login);
    return { get: arm.get, connection: (cluster, signal) => clusterConnection(arm, login, cluster, signal) };
  },
  browse: (url, env) => openBrowser(url, { platform: process.platform, env }),
  untilStopped: () => {
    const ending = new AbortController();
    const stop = (): void => ending.abort();
    // The second one ends the process.
    for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, stop);
    const done = (): void => {
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, stop);
    };
    return { signal: ending.signal, done };
  },
};
