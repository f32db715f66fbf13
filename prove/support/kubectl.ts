import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { ApiServer } from './api-server.ts';
import { type Outcome, runProgram } from './processes.ts';
import { pathOf } from './tools.ts';

/** kubectl in a folder of its own: nobody's own kubeconfig or cache is read or written. */
export type Kubectl = {
  readonly run: (args: readonly string[]) => Promise<Outcome>;
  /** For a shell that calls kubectl by itself. */
  readonly env: Readonly<Record<string, string>>;
};

/** A kubectl that knows the server by each of the contexts, as it would know a fleet after `az aks get-credentials`. */
export function openKubectl(folder: string, server: ApiServer, contexts: readonly string[]): Kubectl {
  const kubeconfig = join(folder, 'kubeconfig.json');
  const cluster = {
    server: server.url,
    'certificate-authority-data': Buffer.from(server.ca).toString('base64'),
  };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'prove', cluster }],
    users: [{ name: 'prove', user: { token: server.token } }],
    contexts: contexts.map((name) => ({ name, context: { cluster: 'prove', user: 'prove' } })),
    'current-context': contexts[0],
  };
  writeFileSync(kubeconfig, JSON.stringify(config), { mode: 0o600 });
  const program = pathOf('kubectl');
  const path = `${dirname(program)}:${process.env['PATH'] ?? ''}`;
  const env = { KUBECONFIG: kubeconfig, KUBECACHEDIR: join(folder, 'cache'), HOME: folder, PATH: path };
  return { env, run: (args) => runProgram(program, args, { cwd: folder, env, timeoutSeconds: 30 }) };
}

/** Between texts that are rendered together; in no text of a tree. */
const SEPARATOR = '\u001e';

/** The texts with their facts, or what Go's text/template says against one of them. */
export type RenderedTexts =
  | { readonly ok: true; readonly texts: readonly string[] }
  | { readonly ok: false; readonly message: string };

/**
 * Renders texts by Go's own text/template with `missingkey=error`: kubectl's printer of an object that carries the
 * facts at its top, beside the fields that every object has.
 */
export async function renderTexts(
  { run }: Kubectl,
  folder: string,
  texts: readonly string[],
  facts: { readonly metadata: object; readonly [fact: string]: unknown },
): Promise<RenderedTexts> {
  const metadata = { ...facts.metadata, name: 'facts', namespace: 'default' };
  write(folder, 'facts.json', JSON.stringify({ apiVersion: 'v1', kind: 'Secret', ...facts, metadata }));
  write(folder, 'texts.tpl', texts.join(SEPARATOR));
  const { exitCode, stdout, stderr } = await run([
    'create',
    '--dry-run=client',
    '--validate=false',
    `--filename=${join(folder, 'facts.json')}`,
    `--output=go-template-file=${join(folder, 'texts.tpl')}`,
    '--allow-missing-template-keys=false',
  ]);
  if (exitCode === 0) return { ok: true, texts: stdout.split(SEPARATOR) };
  // Before Go's own words, kubectl repeats all texts.
  return { ok: false, message: stderr.slice(Math.max(0, stderr.lastIndexOf('template: output:'))).trim() };
}

/** What kustomize, which is in kubectl, makes of a folder of these files: YAML. */
export async function kustomize(
  { run }: Kubectl,
  folder: string,
  files: ReadonlyMap<string, string>,
): Promise<string> {
  for (const [path, content] of files) write(folder, path, content);
  const { exitCode, stdout, stderr } = await run(['kustomize', folder]);
  if (exitCode !== 0) throw new Error(`kustomize: ${stderr}`);
  return stdout;
}

function write(folder: string, path: string, content: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), content);
}
