import { storedFacts } from './stored-facts.ts';

type ReplacingArguments = { readonly types: Readonly<Record<string, readonly string[]>> };

/**
 * Whether azurerm destroys a resource and makes it anew when this argument changes. `path` is an argument's path as
 * the roots write it (`network_profile.pod_cidr`, `security_rule["mesh"].priority`). False for what was never
 * measured: a plan of Terraform says it then.
 */
export function replaces(type: string, path: string): boolean {
  const { types } = storedFacts('replacing-arguments') as ReplacingArguments;
  const plain = path.replaceAll(/\[(?:\d+|"(?:[^"\\]|\\.)*")\]/g, '');
  // A map or a block that replaces does so by whatever is in it.
  return types[type]?.some((argument) => plain === argument || plain.startsWith(`${argument}.`)) ?? false;
}
