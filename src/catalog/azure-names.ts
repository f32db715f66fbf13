import { identityLimits, sharedServiceLimits } from './limits.ts';

/** What Azure takes as the name of one kind of resource. */
type NameRule = {
  readonly pattern: RegExp;
  /** The same in words: `3 to 24 letters, digits and -`. */
  readonly words: string;
};

const NETWORK_NAME = /^[A-Za-z0-9](?:[\w.-]{0,78}\w)?$/;
const NETWORK_WORDS = '1 to 80 letters, digits, ., - and _, with a letter or digit first';

/**
 * By kind, as evidence calls them (learn.microsoft.com, azure-resource-manager/management/resource-name-rules, 2026-08;
 * AKS adds that the group of a cluster's machines has 80 characters at most).
 */
const RULES: Readonly<Record<string, NameRule>> = {
  'resource group': {
    pattern: /^[\w().-]{0,89}[\w()-]$/,
    words: `up to ${sharedServiceLimits.resourceGroupName.maxLength} letters, digits, ., -, _ and brackets, no dot at the end`,
  },
  cluster: {
    pattern: /^[A-Za-z0-9](?:[\w-]{0,61}[A-Za-z0-9])?$/,
    words: '1 to 63 letters, digits, - and _, a letter or digit at both ends',
  },
  'virtual network': {
    pattern: /^[A-Za-z0-9][\w.-]{0,62}\w$/,
    words: '2 to 64 letters, digits, ., - and _, with a letter or digit first',
  },
  subnet: { pattern: NETWORK_NAME, words: NETWORK_WORDS },
  'security group': { pattern: NETWORK_NAME, words: NETWORK_WORDS },
  'NAT gateway': { pattern: NETWORK_NAME, words: NETWORK_WORDS },
  'public IP': { pattern: NETWORK_NAME, words: NETWORK_WORDS },
  'managed identity': {
    pattern: /^[A-Za-z0-9][\w-]{2,127}$/,
    words: `${identityLimits.name.minLength} to ${identityLimits.name.maxLength} letters, digits, - and _, with a letter or digit first`,
  },
  vault: {
    pattern: /^(?!.*--)[A-Za-z][A-Za-z0-9-]{1,22}[A-Za-z0-9]$/,
    words: '3 to 24 letters, digits and single -, a letter first, no - at the end',
  },
  workspace: {
    pattern: /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
    words: '4 to 63 letters, digits and -, no - at either end',
  },
  registry: { pattern: sharedServiceLimits.registryName.pattern, words: '5 to 50 letters and digits' },
  'storage account': {
    pattern: sharedServiceLimits.storageAccountName.pattern,
    words: '3 to 24 lower-case letters and digits',
  },
};

/** What a name of that kind must be like, in words, where it is not; undefined where Azure takes it. */
export function nameProblem(kind: string, name: string): string | undefined {
  const rule = Object.hasOwn(RULES, kind) ? RULES[kind] : undefined;
  return rule === undefined || rule.pattern.test(name) ? undefined : rule.words;
}
