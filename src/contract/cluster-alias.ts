/**
 * The name by which people know a cluster, of its name in Azure: `aks-atlas-prod-app1` is `app1` where that is
 * the only name that it ends with. Undefined where none of the names fits, or several do.
 */
export function aliasOf(resourceName: string, names: readonly string[]): string | undefined {
  const own = resourceName.toLowerCase();
  const exact = names.find((name) => name.toLowerCase() === own);
  if (exact !== undefined) return exact;
  const ends = names.filter((name) => name !== '' && own.endsWith(`-${name.toLowerCase()}`));
  // `eu-app1` fits better than `app1` does.
  const [longest, next] = ends.toSorted((a, b) => b.length - a.length);
  return longest !== undefined && longest.length !== next?.length ? longest : undefined;
}
