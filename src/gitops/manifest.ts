import { renderComment, renderYaml, type Yaml, type YamlMap } from './yaml.ts';

/** One object as the API server takes it, its fields in the order in which they are printed. */
export type Manifest = {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: YamlMap & { readonly name: string };
  readonly [field: string]: Yaml;
};

/** A file of objects under a comment that says where it comes from and which decision it carries. */
export function renderManifests(purpose: string, objects: readonly Manifest[]): string {
  return header(purpose) + objects.map(renderYaml).join('---\n');
}

/** Values of a chart, or any other file of one map. */
export function renderMap(purpose: string, map: YamlMap): string {
  return header(purpose) + renderYaml(map);
}

function header(purpose: string): string {
  const notice =
    'Written by Bulkhead from the fleet file. Change that file: what is changed here is overwritten.';
  return renderComment(`${purpose}\n${notice}`);
}

/**
 * Argo CD keeps the object when it leaves the tree, and when the Application that holds it is deleted. An Application
 * is not out of sync for what it keeps: else it would be for ever, and sync again and again (Argo CD 3.4,
 * sync-options and compare-options).
 */
export const KEPT = {
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
  'argocd.argoproj.io/compare-options': 'IgnoreExtraneous',
} as const;

/** Where in a sync the object's turn is; lower comes first and is waited for. */
export function inWave(wave: number): { readonly 'argocd.argoproj.io/sync-wave': string } {
  return { 'argocd.argoproj.io/sync-wave': String(wave) };
}
