import type { World } from '../../src/deploy/world.ts';
import type { FakeTerraform } from './fake-terraform.ts';

/**
 * The world until so many calls were made: then the process is gone, and no call is answered. The last one does its work,
 * an apply the half that Azure has and the state has not, and nobody hears of it. `made` counts.
 */
export function mortalWorld(
  world: World,
  calls: number,
  { cutOff }: Pick<FakeTerraform, 'cutOff'> = { cutOff: () => undefined },
): { readonly world: World; readonly made: () => number } {
  let made = 0;
  const around =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      made += 1;
      if (made === calls + 1) await call(...args);
      if (made > calls) throw new Error('killed');
      return call(...args);
    };
  const port = <Port extends object>(one: Port): Port =>
    Object.fromEntries(
      Object.entries(one).map(([key, value]) => [key, typeof value === 'function' ? around(value) : value]),
    ) as Port;
  const terraform = port(world.terraform);
  return {
    made: () => made,
    world: {
      ...world,
      terraform: {
        ...terraform,
        apply: (root, planFile, call) => {
          if (made === calls) cutOff(planFile);
          return made === calls ? around(async () => undefined)() : terraform.apply(root, planFile, call);
        },
      },
      azure: port(world.azure),
      vault: port(world.vault),
      // The lease itself ends with the process that held it.
      lease: { ...world.lease, isReachable: around(world.lease.isReachable) },
      helm: port(world.helm),
      git: port(world.git),
      kube: around(async (name, signal) => port(await world.kube(name, signal))),
    },
  };
}
