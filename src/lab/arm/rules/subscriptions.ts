import type { ArmRule } from '../rule.ts';
import { isSame } from './body-values.ts';
import { isUpsert, whenWritten } from './judgement.ts';
import { STATUS_ASSUMED, sources, troubleshoot } from './sources.ts';

/** Namespaces that every subscription has. */
const ALWAYS_REGISTERED = ['microsoft.authorization', 'microsoft.consumption', 'microsoft.resources'];

const providerIsRegistered: ArmRule = {
  id: 'resource-provider-is-registered',
  source: sources(troubleshoot('missingsubscriptionregistration-error'), STATUS_ASSUMED),
  types: ['*'],
  check: (write, { limits }) => {
    const [namespace = ''] = write.id.type.split('/');
    if (!isUpsert(write) || ALWAYS_REGISTERED.includes(namespace)) return undefined;
    const missing = limits.unregistered?.find((name) => isSame(name, namespace));
    if (missing === undefined) return undefined;
    const message = `The subscription is not registered to use namespace '${missing}'.`;
    return { status: 409, code: 'MissingSubscriptionRegistration', message };
  },
};

const policyAllowsIt: ArmRule = {
  id: 'policy-allows-the-type',
  source: troubleshoot('requestdisallowedbypolicy-error'),
  types: ['*'],
  check: whenWritten((_body, { id }, { limits }) => {
    if (!limits.deniedTypes?.some((type) => isSame(type, id.type))) return undefined;
    const message = `Resource '${id.name}' was disallowed by policy.`;
    return { status: 403, code: 'RequestDisallowedByPolicy', message };
  }),
};

export const subscriptionRules: readonly ArmRule[] = [providerIsRegistered, policyAllowsIt];
