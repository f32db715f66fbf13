import type { ClusterSecret, LabelSelector } from './cluster-secrets.ts';
import { type Kubectl, renderTexts } from './kubectl.ts';
import type { KubernetesObject } from './server-side-apply.ts';

/** The part of an ApplicationSet that its controller reads. */
export type ApplicationSet = KubernetesObject & {
  readonly spec: {
    readonly goTemplate: boolean;
    readonly goTemplateOptions: readonly string[];
    readonly generators: readonly { readonly clusters: { readonly selector: LabelSelector } }[];
    readonly template: { readonly metadata: object; readonly spec: object };
  };
};

/** The part of an Application that says what it deploys from where. */
export type Application = KubernetesObject & {
  readonly spec: {
    readonly sources: readonly {
      readonly path?: string;
      readonly directory?: { readonly recurse?: boolean; readonly include?: string };
      readonly helm?: { readonly valueFiles: readonly string[]; readonly valuesObject?: object };
      readonly kustomize?: { readonly patches: readonly object[] };
    }[];
    readonly destination: { readonly name: string; readonly namespace: string };
  };
};

export type Generated =
  | { readonly ok: true; readonly applications: readonly Application[] }
  | { readonly ok: false; readonly message: string };

/** All that the cluster generator gives a template; the printer that renders here knows more, which must stay unused. */
const ACTION = /^\{\{\.(?:name|nameNormalized|server|metadata\.(?:labels|annotations)\.\w+)\}\}$/;

/** The actions of the templates that the cluster generator has nothing for. */
export function strangeActions(sets: readonly ApplicationSet[]): readonly string[] {
  const texts = sets.flatMap(({ spec }) => textsIn(spec.template));
  return texts.flatMap((text) => text.match(/\{\{.*?\}\}/gs) ?? []).filter((action) => !ACTION.test(action));
}

/**
 * The Applications of one cluster. As Argo CD does it: each text of the template is a template of its own, and the
 * parameters are the Secret's name, server, labels and annotations.
 */
export async function generate(
  sets: readonly ApplicationSet[],
  { name, server, labels, annotations }: ClusterSecret,
  kubectl: Kubectl,
  folder: string,
): Promise<Generated> {
  const templates = sets.map(({ spec }) => spec.template);
  const facts = { name, nameNormalized: name, server, metadata: { labels, annotations } };
  const rendered = await renderTexts(kubectl, folder, textsIn(templates), facts);
  if (!rendered.ok) return rendered;
  const rest = [...rendered.texts];
  const filled = mapTexts(templates, () => rest.shift()!) as typeof templates;
  const applications = filled.map(({ metadata, spec }) => ({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { ...metadata, namespace: 'argocd' },
    spec,
  }));
  return { ok: true, applications: applications as unknown as readonly Application[] };
}

function textsIn(value: unknown): string[] {
  const texts: string[] = [];
  mapTexts(value, (text) => {
    texts.push(text);
    return text;
  });
  return texts;
}

/** The same value with other texts, keys of maps among them, always in the same order. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [map(key), mapTexts(item, map)]));
}
