import type { ArmRule } from '../rule.ts';
import { budgetRules } from './budgets.ts';
import { clusterNetworkRules } from './cluster-networks.ts';
import { clusterOperationRules } from './cluster-operations.ts';
import { clusterPowerRules } from './cluster-power.ts';
import { clusterRules } from './clusters.ts';
import { delegationRules } from './delegations.ts';
import { fixedPropertyRules } from './fixed-properties.ts';
import { groupRules } from './groups.ts';
import { identityRules } from './identities.ts';
import { lockRules } from './locks.ts';
import { monitorRules } from './monitor.ts';
import { nameRules } from './names.ts';
import { natRules } from './nat.ts';
import { networkRules } from './networks.ts';
import { poolMachineRules } from './pool-machines.ts';
import { poolSubnetRules } from './pool-subnets.ts';
import { poolRules } from './pools.ts';
import { privateDnsRules } from './private-dns.ts';
import { registryRules } from './registries.ts';
import { roleAssignmentRules } from './role-assignments.ts';
import { securityRuleRules } from './security-rules.ts';
import { subscriptionRules } from './subscriptions.ts';
import { throttlingRules } from './throttling.ts';
import { vaultRules } from './vaults.ts';

/**
 * All that the lab's Azure refuses, in the order in which it looks: what holds for every request first, as
 * Resource Manager judges before the service does, then what cannot be now, then what is wrong in itself.
 */
export const rules: readonly ArmRule[] = [
  ...throttlingRules,
  ...subscriptionRules,
  ...groupRules,
  ...lockRules,
  ...nameRules,
  ...clusterPowerRules,
  ...clusterOperationRules,
  ...poolRules,
  ...poolMachineRules,
  ...poolSubnetRules,
  ...fixedPropertyRules,
  ...clusterRules,
  ...clusterNetworkRules,
  ...networkRules,
  ...delegationRules,
  ...natRules,
  ...securityRuleRules,
  ...privateDnsRules,
  ...identityRules,
  ...roleAssignmentRules,
  ...vaultRules,
  ...registryRules,
  ...monitorRules,
  ...budgetRules,
];
