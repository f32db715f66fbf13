import { accessSync, constants, existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scanners } from '../../src/contract/suppressions/known-alarm.ts';

/** What a proof leans on and was not written here. `crds` is data, the upstream CustomResourceDefinitions. */
export type Tool =
  | 'terraform'
  | 'tofu'
  | 'azurerm'
  | 'etcd'
  | 'kube-apiserver'
  | 'kube-scheduler'
  | 'helm'
  | 'kubectl'
  | 'crds'
  | 'actionlint'
  | 'checkov';

/**
 * What may be missing in CI too. OpenTofu reads the same files as Terraform, by the same provider, and not every place
 * that proves has it: where it is missing the suite says so by name, and Terraform's verdict stands alone.
 */
const OPTIONAL: ReadonlySet<Tool> = new Set<Tool>(['tofu']);

/** Where a tool is, or what was not found and how to get it. */
type Lookup =
  | { readonly found: true; readonly path: string }
  | { readonly found: false; readonly reason: string; readonly remedy: string };

export const toolNames: readonly Tool[] = [
  'terraform',
  'tofu',
  'azurerm',
  'etcd',
  'kube-apiserver',
  'kube-scheduler',
  'helm',
  'kubectl',
  'crds',
  'actionlint',
  'checkov',
];

const schedulerRemedy =
  'take kube-scheduler from a release of Kubernetes and put it on PATH or into $BULKHEAD_TOOLS/bin';
const kubeRemedy = 'install etcd and kube-apiserver with setup-envtest and set KUBEBUILDER_ASSETS';

/** Finds a tool by the usual environment variables, then on PATH. Starts nothing and reads no network. */
export function findTool(tool: Tool): Lookup {
  const { BULKHEAD_TOOLS, KUBEBUILDER_ASSETS } = process.env;
  const toolsBin = BULKHEAD_TOOLS && join(BULKHEAD_TOOLS, 'bin');
  switch (tool) {
    case 'terraform':
      return findProgram('terraform', [toolsBin], 'install Terraform 1.11 or newer');
    case 'tofu':
      return findProgram('tofu', [toolsBin], 'install OpenTofu 1.11 or newer');
    case 'etcd':
    case 'kube-apiserver':
      return findProgram(tool, [KUBEBUILDER_ASSETS, toolsBin], kubeRemedy);
    case 'kube-scheduler':
      return findProgram(tool, [toolsBin, KUBEBUILDER_ASSETS], schedulerRemedy);
    case 'helm':
      return findProgram('helm', [toolsBin], 'install Helm 4');
    case 'kubectl':
      return findProgram('kubectl', [toolsBin, KUBEBUILDER_ASSETS], 'install kubectl 1.32 or newer');
    case 'azurerm':
      return findAzurerm();
    case 'crds':
      return findCrds();
    case 'actionlint':
      return findProgram('actionlint', [toolsBin], 'install actionlint 1.7 or newer');
    case 'checkov':
      return findCheckov();
  }
}

/** The path of a tool that the suite has asked for with {@link provenBy}. */
export function pathOf(tool: Tool): string {
  const lookup = findTool(tool);
  if (!lookup.found) throw new Error(`${lookup.reason}; ${lookup.remedy}`);
  return lookup.path;
}

/**
 * Options for a `describe` whose verdict comes from these tools. If one is missing the suite is skipped, by
 * name; with CI set that would be a green run that proved nothing, so there it throws and fails the file, unless all
 * that is missing is optional.
 */
export function provenBy(...tools: readonly Tool[]): { readonly skip: string | false } {
  const missing = tools.flatMap((tool) => {
    const lookup = findTool(tool);
    return lookup.found ? [] : [{ tool, ...lookup }];
  });
  if (missing.length === 0) return { skip: false };
  const remedies = new Set(missing.map((lookup) => lookup.remedy));
  const reason = [...missing.map((lookup) => lookup.reason), ...remedies].join('; ');
  if (isCi() && !missing.every(({ tool }) => OPTIONAL.has(tool)))
    throw new Error(`CI is set, so nothing may be skipped: ${reason}`);
  return { skip: reason };
}

/** True in continuous integration, where a missing tool is a failure. */
export function isCi(): boolean {
  return !['', '0', 'false'].includes(process.env['CI'] ?? '');
}

/** The repository's root: three folders above dist/prove/support. */
export const repositoryRoot = fileURLToPath(new URL('../../../', import.meta.url));

function findProgram(name: string, folders: readonly (string | undefined)[], remedy: string): Lookup {
  const onPath = (process.env['PATH'] ?? '').split(delimiter);
  const path = [...folders, ...onPath]
    .flatMap((folder) => (folder ? [join(folder, name)] : []))
    .find(isExecutable);
  return path === undefined
    ? { found: false, reason: `${name} not found`, remedy }
    : { found: true, path: resolve(path) };
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * The Terraform CLI configuration that says where providers come from. Without one Terraform itself would
 * go to the public registry; a proof does not download 60 MB behind the user's back, so that has to be
 * asked for by naming a plugin cache.
 */
function findAzurerm(): Lookup {
  const { TF_CLI_CONFIG_FILE, BULKHEAD_TOOLS, TF_PLUGIN_CACHE_DIR } = process.env;
  const candidates = [
    TF_CLI_CONFIG_FILE,
    BULKHEAD_TOOLS && join(BULKHEAD_TOOLS, 'terraform.rc'),
    join(homedir(), '.terraformrc'),
    TF_PLUGIN_CACHE_DIR,
  ];
  const path = candidates.find((candidate) => candidate && existsSync(candidate));
  if (path) return { found: true, path: resolve(path) };
  const remedy =
    'set TF_CLI_CONFIG_FILE to a configuration with a filesystem mirror (see terraform providers mirror), ' +
    'or TF_PLUGIN_CACHE_DIR to let terraform init download it';
  return { found: false, reason: 'azurerm provider not found', remedy };
}

/** A Python program, at home in an environment of its own, which BULKHEAD_CHECKOV leads into. */
function findCheckov(): Lookup {
  const { BULKHEAD_CHECKOV } = process.env;
  const { version } = scanners.checkov;
  const remedy =
    `make a Python environment, install checkov==${version} into it with pip, and set BULKHEAD_CHECKOV ` +
    'to its bin/checkov';
  if (!BULKHEAD_CHECKOV) return findProgram('checkov', [], remedy);
  if (isExecutable(BULKHEAD_CHECKOV)) return { found: true, path: resolve(BULKHEAD_CHECKOV) };
  return { found: false, reason: `${BULKHEAD_CHECKOV} is no program`, remedy };
}

/** `<component>/<plural>.<group>.yaml`. The only place that knows where they stand if nothing says so. */
function findCrds(): Lookup {
  const path = process.env['BULKHEAD_CRDS'] ?? join(repositoryRoot, '..', 'shared', 'crds');
  if (existsSync(path)) return { found: true, path: resolve(path) };
  const remedy =
    'set BULKHEAD_CRDS to a folder of upstream CRDs, each in a file <component>/<plural>.<group>.yaml';
  return { found: false, reason: 'CRDs not found', remedy };
}
