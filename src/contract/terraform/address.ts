/** One step of a Terraform address: a name and, where there are several of it, which one: `0`, `"app1"`. */
export type AddressStep = { readonly name: string; readonly key?: string };

const STEP = /([\w-]+)(?:\[(\d+|"(?:[^"\\]|\\.)*")\])?(?:\.|$)/y;

/** The steps of `module.aks["app1"].azurerm_subnet.nodes[0]`; undefined for what is no address. */
export function addressSteps(address: string): readonly AddressStep[] | undefined {
  const steps: AddressStep[] = [];
  STEP.lastIndex = 0;
  while (STEP.lastIndex < address.length) {
    const match = STEP.exec(address);
    if (!match) return undefined;
    steps.push(match[2] === undefined ? { name: match[1]! } : { name: match[1]!, key: match[2] });
  }
  return steps;
}

/** The module instance that an address stands in: the steps that follow `module`, outermost first. */
export function moduleOf(address: string): readonly AddressStep[] {
  const steps = addressSteps(address) ?? [];
  const modules: AddressStep[] = [];
  for (let index = 0; steps[index]?.name === 'module' && steps[index + 1]; index += 2) {
    modules.push(steps[index + 1]!);
  }
  return modules;
}

/** `module.aks["app1"].`, what stands before the addresses in that module; empty for the root. */
export function modulePrefix(modules: readonly AddressStep[]): string {
  return modules
    .map(({ name, key }) => (key === undefined ? `module.${name}.` : `module.${name}[${key}].`))
    .join('');
}
