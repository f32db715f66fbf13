import type { Vault, VaultSecret } from '../../src/deploy/world.ts';

/** A vault in memory. Like Key Vault it does not tell capitals in names, and it notes who asked for what. */
export type FakeVault = {
  readonly vault: Vault;
  readonly values: Map<string, string>;
  readonly calls: string[];
};

/** `disabled` names secrets that are there and that nobody can read. */
export function fakeVault(
  held: Readonly<Record<string, string>> = {},
  disabled: readonly string[] = [],
): FakeVault {
  const values = new Map(Object.entries(held));
  const calls: string[] = [];
  const keyOf = (name: string): string =>
    [...values.keys()].find((key) => key.toLowerCase() === name.toLowerCase()) ?? name;
  const vault: Vault = {
    async get(vaultUri, name) {
      calls.push(`get ${vaultUri} ${name}`);
      return values.get(keyOf(name));
    },
    async set(vaultUri, name, value) {
      calls.push(`set ${vaultUri} ${name}`);
      values.set(keyOf(name), value);
    },
    async list(vaultUri) {
      calls.push(`list ${vaultUri}`);
      return [...values.keys()].map((name): VaultSecret => ({
        name,
        updated: '2026-11-01T10:20:30Z',
        isEnabled: !disabled.includes(name),
      }));
    },
  };
  return { vault, values, calls };
}
