import { StepError } from '../../src/base/step-error.ts';
import type { Kube, KubeObject, KubeRef } from '../../src/deploy/world.ts';

const OWNER = 'argocd-controller';
/** Namespaces that each cluster begins with. */
const NAMESPACES = ['default', 'kube-system'];
const WITHOUT_NAMESPACE = ['Namespace', 'Node', 'CustomResourceDefinition', 'ClusterRole'];
/** Kinds that a CRD brings, by what they are called there. */
const CUSTOM: Readonly<Record<string, string>> = {
  Application: 'applications.argoproj.io',
  ApplicationSet: 'applicationsets.argoproj.io',
  AppProject: 'appprojects.argoproj.io',
};

export type FakeKube = {
  readonly kube: Kube;
  /** Somebody else writes an object, whole. */
  readonly put: (object: KubeObject, manager?: string) => void;
  /** A controller writes a status. */
  readonly setStatus: (ref: KubeRef, status: object) => void;
  readonly annotate: (ref: KubeRef, annotations: Readonly<Record<string, string>>) => void;
  readonly remove: (ref: KubeRef) => void;
  readonly at: (ref: KubeRef) => KubeObject | undefined;
  readonly all: (kind: string) => readonly KubeObject[];
  /** Applies so far, in words: `apply Secret kube-system/cilium-ca`. */
  readonly applied: readonly string[];
};

/** An API server in memory: what a deployment needs of server-side apply, and no more. */
export function fakeKube(
  options: { readonly server?: string; readonly isAdmin?: () => boolean } = {},
): FakeKube {
  const objects = new Map<string, KubeObject>();
  const applied: string[] = [];
  const at = (ref: KubeRef): KubeObject | undefined => objects.get(keyOf(ref));
  const put = (object: KubeObject, manager = 'kubectl'): void =>
    void objects.set(keyOf(refOf(object)), owned(object, [manager]));
  for (const name of NAMESPACES) put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }, 'system');
  const change = (ref: KubeRef, by: (object: KubeObject) => KubeObject): void => {
    const object = at(ref);
    if (!object) throw new Error(`there is no ${keyOf(ref)}`);
    objects.set(keyOf(ref), by(object));
  };
  const kube: Kube = {
    server: options.server ?? 'https://api.example.org',
    ca: '-----BEGIN CERTIFICATE-----\nauthority\n-----END CERTIFICATE-----\n',
    apply: async (object, { isForced }) => {
      const { kind, metadata } = object;
      const ref = refOf(object);
      refuseUnserved(objects, ref);
      applied.push(`apply ${keyOf(ref)}`);
      const there = at(ref);
      if (!there) {
        // As kube-apiserver 1.36.3 answers.
        const status = kind === 'CustomResourceDefinition' ? { status: { conditions: null } } : {};
        objects.set(keyOf(ref), owned({ ...object, ...status }, [OWNER]));
        return { isChanged: true, object };
      }
      const others = managersOf(there).filter((manager) => manager !== OWNER);
      const next = merged(there, object);
      const isChanged = JSON.stringify(next) !== JSON.stringify(there);
      if (isChanged && others.length > 0 && !isForced) {
        throw new StepError(`applying ${kind} ${metadata.name} would take fields from ${others.join()}`);
      }
      objects.set(keyOf(ref), owned(next, isForced ? [OWNER] : [...new Set([...managersOf(there), OWNER])]));
      return { isChanged, object: next };
    },
    get: async (ref) => structuredClone(at(ref)),
    list: async ({ kind, namespace, labels }) =>
      [...objects.values()].filter(
        (object) =>
          object.kind === kind &&
          (namespace === undefined || object.metadata.namespace === namespace) &&
          (labels === undefined || hasLabels(object, labels)),
      ),
    delete: async (ref) => objects.delete(keyOf(ref)),
    isAdmin: async () => options.isAdmin?.() ?? true,
  };
  return {
    kube,
    put,
    at,
    applied,
    setStatus: (ref, status) => change(ref, (object) => ({ ...object, status })),
    annotate: (ref, more) =>
      change(ref, (object) => {
        const annotations = { ...(object.metadata['annotations'] as object | undefined), ...more };
        return { ...object, metadata: { ...object.metadata, annotations } };
      }),
    remove: (ref) => void objects.delete(keyOf(ref)),
    all: (kind) => [...objects.values()].filter((object) => object.kind === kind),
  };
}

function refuseUnserved(objects: ReadonlyMap<string, KubeObject>, { kind, namespace, name }: KubeRef): void {
  const namespaces = [...objects.values()].filter((object) => object.kind === 'Namespace');
  if (namespace !== undefined && !WITHOUT_NAMESPACE.includes(kind)) {
    if (!namespaces.some(({ metadata }) => metadata.name === namespace)) {
      throw new StepError(`${kind} ${name} cannot be applied: there is no namespace ${namespace}`);
    }
  }
  const definition = CUSTOM[kind];
  if (definition === undefined) return;
  const found = objects.get(`CustomResourceDefinition ${definition}`);
  const { conditions } = (found?.['status'] ?? {}) as { conditions?: readonly { type: string }[] | null };
  if (!conditions?.length) throw new StepError(`the cluster has no kind ${kind}`);
}

function keyOf({ kind, name, namespace }: KubeRef): string {
  const isPlaced = namespace !== undefined && !WITHOUT_NAMESPACE.includes(kind);
  return `${kind} ${isPlaced ? `${namespace}/` : ''}${name}`;
}

function refOf({ apiVersion, kind, metadata: { name, namespace } }: KubeObject): KubeRef {
  return { apiVersion, kind, name, ...(namespace === undefined ? {} : { namespace }) };
}

function owned(object: KubeObject, managers: readonly string[]): KubeObject {
  const managedFields = managers.map((manager) => ({ manager, operation: 'Apply' }));
  return { ...object, metadata: { ...object.metadata, managedFields } };
}

function managersOf({ metadata }: KubeObject): readonly string[] {
  return ((metadata['managedFields'] ?? []) as readonly { manager: string }[]).map(({ manager }) => manager);
}

/** Maps in metadata grow, all else is as applied; status and bookkeeping stay. */
function merged(there: KubeObject, { metadata, ...rest }: KubeObject): KubeObject {
  const maps = Object.fromEntries(
    ['labels', 'annotations'].flatMap((key) => {
      const map = {
        ...(there.metadata[key] as object | undefined),
        ...(metadata[key] as object | undefined),
      };
      return Object.keys(map).length === 0 ? [] : [[key, map]];
    }),
  );
  return { ...there, ...rest, metadata: { ...there.metadata, ...metadata, ...maps } };
}

function hasLabels({ metadata }: KubeObject, selector: string): boolean {
  const labels = (metadata['labels'] ?? {}) as Readonly<Record<string, string>>;
  return selector.split(',').every((term) => {
    const [key, value] = term.split('=');
    return labels[key!] === value;
  });
}
