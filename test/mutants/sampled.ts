/** So many of each leaf and change, evenly spread over them, in their order. */
export function sampled<Mutant extends { readonly leaf: string; readonly change: string }>(
  mutants: Iterable<Mutant>,
  most: number,
): readonly Mutant[] {
  const groups = new Map<string, Mutant[]>();
  for (const mutant of mutants) {
    const key = `${mutant.leaf} ${mutant.change}`;
    const group = groups.get(key);
    if (group) group.push(mutant);
    else groups.set(key, [mutant]);
  }
  return [...groups.values()].flatMap((group) => {
    if (group.length <= most) return group;
    return Array.from({ length: most }, (_, index) => group[Math.floor((index * group.length) / most)]!);
  });
}
