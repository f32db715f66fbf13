import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { listCrds } from './crds.ts';
import type { KubernetesObject } from './server-side-apply.ts';

/** As much of an OpenAPI schema as leads to a place in an object. */
type Schema = {
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
};
type Definition = {
  readonly spec: {
    readonly names: { readonly kind: string };
    readonly versions: readonly {
      readonly name: string;
      readonly schema: { readonly openAPIV3Schema: Schema };
    }[];
  };
};

/** A value that the API server takes whatever it holds: its schema preserves unknown fields. */
export type OpenField = { readonly path: string; readonly value: unknown };

/** Finds the open fields of an object; built-in kinds have none, nor have kinds without a CRD in the folder. */
export function openFieldReader(crdFolder: string): (object: KubernetesObject) => readonly OpenField[] {
  const schemas = new Map<string, Schema | undefined>();
  const files = listCrds(crdFolder);
  const schemaOf = ({ apiVersion, kind }: KubernetesObject): Schema | undefined => {
    const key = `${apiVersion}/${kind}`;
    if (schemas.has(key)) return schemas.get(key);
    const [group, version] = apiVersion.split('/');
    const schema = files
      // A file is called by the plural, which begins with the singular: parsing them all takes half a minute.
      .filter((file) => file.group === group && file.name.startsWith(kind.toLowerCase()))
      .map((file) => parse(readFileSync(file.path, 'utf8')) as Definition)
      .find(({ spec }) => spec.names.kind === kind)
      ?.spec.versions.find(({ name }) => name === version)?.schema.openAPIV3Schema;
    schemas.set(key, schema);
    return schema;
  };
  return (object) => [...fieldsBelow(object, schemaOf(object), object.kind)];
}

function* fieldsBelow(value: unknown, schema: Schema | undefined, path: string): Generator<OpenField> {
  if (!schema) return;
  if (schema['x-kubernetes-preserve-unknown-fields']) {
    yield { path, value };
  } else if (Array.isArray(value)) {
    for (const item of value) yield* fieldsBelow(item, schema.items, `${path}[]`);
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries(value)) {
      const { properties, additionalProperties: more } = schema;
      yield* fieldsBelow(
        inner,
        properties?.[key] ?? (typeof more === 'object' ? more : undefined),
        `${path}.${key}`,
      );
    }
  }
}
