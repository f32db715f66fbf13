import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { discoverKinds } from '../../src/adapters/kube/discovery.ts';
import type { ApiServer } from './api-server.ts';
import { waitFor } from './processes.ts';

/** One file with one CustomResourceDefinition: `<component>/<plural>.<group>.yaml`. */
export interface CrdFile {
  readonly component: string;
  /** `metadata.name` of the definition, `<plural>.<group>`. */
  readonly name: string;
  readonly group: string;
  readonly path: string;
}

interface AppliedCrd {
  readonly spec: {
    readonly group: string;
    readonly names: { readonly kind: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

/** The CRDs in a folder, in the order of their paths. */
export function listCrds(folder: string): CrdFile[] {
  const components = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return components.flatMap(({ name: component }) =>
    readdirSync(join(folder, component))
      .filter((file) => file.endsWith('.yaml'))
      .sort()
      .map((file) => {
        const name = file.slice(0, -'.yaml'.length);
        return {
          component,
          name,
          group: name.slice(name.indexOf('.') + 1),
          path: join(folder, component, file),
        };
      }),
  );
}

/**
 * Loads CRDs, byte for byte as they are on disk, and waits until the server serves all their served versions.
 *
 * @param only components or API groups; others are left out, since all 111 cost the server about 1 GB and
 *   10 s (measured on 2 cores). Names that no CRD has (the groups of built-in kinds) are passed over.
 *   Without it, all are loaded.
 * @returns the CRDs that were loaded.
 */
export async function loadCrds(
  server: ApiServer,
  folder: string,
  only?: ReadonlySet<string>,
): Promise<readonly CrdFile[]> {
  const files = listCrds(folder).filter((crd) => !only || only.has(crd.component) || only.has(crd.group));
  const applied = await Promise.all(files.map((file) => applyCrd(server, file)));
  const expected = applied.flatMap(({ spec }) =>
    spec.versions
      .filter((version) => version.served)
      .map((version) => `${spec.group}/${version.name}/${spec.names.kind}`),
  );
  let missing = expected;
  const allServed = async (): Promise<true | undefined> => {
    const kinds = await discoverKinds(server.request);
    missing = expected.filter((kind) => !kinds.has(kind));
    return missing.length === 0 ? true : undefined;
  };
  await waitFor('CRDs to be established', allServed, { timeoutSeconds: 90, intervalMs: 200 }).catch(
    (error) => {
      throw new Error(`${(error as Error).message}: ${missing.join(', ')}`, { cause: error });
    },
  );
  return files;
}

/** Server-side, because ten of them exceed the 256 KiB that a client-side apply may keep in an annotation. */
async function applyCrd(server: ApiServer, file: CrdFile): Promise<AppliedCrd> {
  const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${file.name}`;
  const answer = await server.request(
    'PATCH',
    `${path}?fieldManager=prove&fieldValidation=Strict&force=true`,
    {
      contentType: 'application/apply-patch+yaml',
      body: readFileSync(file.path),
    },
  );
  if (answer.status >= 300) {
    throw new Error(`${file.path} is refused: ${(answer.body as { message: string }).message}`);
  }
  return answer.body as AppliedCrd;
}
