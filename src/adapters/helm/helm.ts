import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { StepError } from '../../base/step-error.ts';
import { makePrivateFolder, removeFolder, writePrivateJson } from '../private-folder.ts';
import { type Environment, findProgram, type Program, runProgram } from '../program.ts';
import { inInstallOrder } from './kind-order.ts';
import { type ManifestObject, parseManifest } from './manifest.ts';

const PROGRAM: Program = {
  names: ['helm'],
  variable: 'BULKHEAD_HELM',
  advice: 'install Helm 4, or name its program in BULKHEAD_HELM',
};

/** A chart comes from its repository first: some MB. */
const TIMEOUT_MS = 300_000;
/** kube-prometheus-stack with its CRDs, the largest that we install, renders 6 MB. */
const RENDERED_MAX_BYTES = 64 * 1024 * 1024;

type ChartCall = {
  readonly release: string;
  readonly namespace: string;
  readonly name: string;
  readonly repo: string;
  readonly version: string;
  readonly valuesFiles: readonly string[];
  readonly values: Readonly<Record<string, unknown>>;
  readonly kubernetesVersion: string;
  readonly apiVersions: readonly string[];
};

/**
 * Helm as a pure renderer: it asks no cluster and installs nothing. `BULKHEAD_CHARTS` names a folder that charts are
 * taken from instead of their repositories, as `<name>-<version>.tgz` or a folder `<name>-<version>`; a chart that the
 * folder lacks is refused, so that nobody renders half from one place and half from the other.
 */
export function openHelm(env: Environment) {
  let found: string | undefined;
  // When it is first needed: a program that is missing is told of with all else that stands in the way.
  const path = (): string => (found ??= findProgram(PROGRAM, env));
  const run = async (args: readonly string[], signal: AbortSignal) =>
    runProgram(path(), args, { env, signal, timeoutMs: TIMEOUT_MS, bytesMax: RENDERED_MAX_BYTES });
  return {
    version: async (signal: AbortSignal): Promise<string> => {
      const { exitCode, stdout, stderr } = await run(['version', '--template={{.Version}}'], signal);
      const version = stdout.toString('utf8').trim().replace(/^v/, '');
      if (exitCode === 0 && version !== '') return version;
      throw new StepError(`${path()} does not say its version: ${stderr.trim().slice(0, 500)}`, {
        advice: PROGRAM.advice,
      });
    },
    /**
     * The objects of a chart in the order in which they are installed, hooks left out. One that names no namespace gets
     * that of the release, as Helm itself would send it: for a kind without namespaces it has no meaning.
     */
    template: async (chart: ChartCall, signal: AbortSignal): Promise<readonly ManifestObject[]> => {
      const folder = makePrivateFolder('helm');
      try {
        const values = writePrivateJson(folder, 'values.json', chart.values);
        const { exitCode, stdout, stderr } = await run(templateArguments(chart, values, env), signal);
        if (exitCode !== 0) throw refusal(chart, stderr.replaceAll(values, 'the values of the fleet'));
        const objects = parseManifest(stdout.toString('utf8'));
        if ('problem' in objects) throw refusal(chart, objects.problem);
        return inInstallOrder(objects).map((object) => inNamespace(object, chart.namespace));
      } finally {
        removeFolder(folder);
      }
    },
  };
}

/** Values of the running fleet stand in a file and never here, where any user of the machine could read them. */
export function templateArguments(chart: ChartCall, valuesFile: string, env: Environment): readonly string[] {
  return [
    'template',
    chart.release,
    ...chartSource(chart, env),
    `--namespace=${chart.namespace}`,
    ...[...chart.valuesFiles, valuesFile].map((file) => `--values=${file}`),
    // Without it Helm answers charts with the version that it was built for.
    `--kube-version=${chart.kubernetesVersion}`,
    ...chart.apiVersions.map((apiVersion) => `--api-versions=${apiVersion}`),
    '--include-crds',
    '--no-hooks',
  ];
}

function chartSource({ name, repo, version }: ChartCall, env: Environment): readonly string[] {
  const folder = env['BULKHEAD_CHARTS'];
  if (folder) {
    const places = [`${name}-${version}.tgz`, `${name}-${version}`].map((entry) => join(folder, entry));
    const place = places.find((candidate) => existsSync(candidate));
    if (place !== undefined) return [place];
    throw new StepError(`BULKHEAD_CHARTS names ${folder}, which has no chart ${name} ${version}`, {
      advice: `put it there as ${name}-${version}.tgz, or unset BULKHEAD_CHARTS to take it from ${repo}`,
    });
  }
  if (repo.startsWith('oci://')) return [`${repo.replace(/\/$/, '')}/${name}`, `--version=${version}`];
  return [name, `--repo=${repo}`, `--version=${version}`];
}

function inNamespace(object: ManifestObject, namespace: string): ManifestObject {
  if (object.metadata.namespace !== undefined) return object;
  return { ...object, metadata: { ...object.metadata, namespace } };
}

const SAID_MAX = 2000;

/** A chart may print what it was given where it fails: the texts among the fleet's own values are painted over. */
function refusal({ name, version, values }: ChartCall, said: string): StepError {
  let text = said.trim().replace(/^Error: /, '');
  for (const secret of textsIn(values)) if (secret.length >= 8) text = text.replaceAll(secret, '***');
  const isNetwork = /no such host|connection refused|timeout|looks like .* is not a valid chart repository/i;
  const advice = isNetwork.test(text)
    ? 'check that this machine reaches the repository; BULKHEAD_CHARTS names a folder of charts to use instead'
    : undefined;
  const message = `helm cannot render ${name} ${version}:\n${text.slice(0, SAID_MAX)}`;
  return new StepError(message, advice === undefined ? {} : { advice });
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : [];
}
