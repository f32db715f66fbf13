import { usd } from '../../base/money.ts';
import type { LogAssociationEvidence, VaultEvidence } from '../azure-evidence.ts';
import type { Evidence, FederationEvidence } from '../evidence.ts';
import { booleanOf, listOf, mapOf, numberOf, textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';
import {
  type ArmResource,
  type ArmResources,
  CLUSTER,
  idAt,
  isSaid,
  known,
  lastStep,
  parentId,
} from './arm-resources.ts';
import type { ClusterNames } from './arm-clusters.ts';

const CREDENTIAL = 'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials';
const VAULT = 'microsoft.keyvault/vaults';
const WORKSPACE = 'microsoft.operationalinsights/workspaces';
const GROUP = 'microsoft.insights/actiongroups';
const ALERTS = [
  'microsoft.insights/metricalerts',
  'microsoft.insights/activitylogalerts',
  'microsoft.insights/scheduledqueryrules',
  'microsoft.alertsmanagement/prometheusrulegroups',
];
const BUDGET = 'microsoft.consumption/budgets';
const RULE = 'microsoft.insights/datacollectionrules';
const ASSOCIATION = 'microsoft.insights/datacollectionruleassociations';

/** `issuers`: the clusters by their issuers. */
export function federationsOf(
  resources: ArmResources,
  issuers: ReadonlyMap<string, string>,
): readonly FederationEvidence[] {
  return resources.ofType(CREDENTIAL).map((credential) => {
    const at = (key: string): unknown => valueAt(credential.value, 'properties', key);
    const issuer = textOf(at('issuer'));
    const audiences = textsOf(at('audiences'));
    return known<FederationEvidence>({
      path: [...credential.path, 'name'],
      places: {
        issuerCluster: [...credential.path, 'properties', 'issuer'],
        subject: [...credential.path, 'properties', 'subject'],
        audience: [...credential.path, 'properties', 'audiences'],
      },
      identity: lastStep(parentId(credential.id)),
      name: credential.name,
      // An issuer that is none of these could be a cluster's that nobody asked for.
      issuerCluster: issuer === undefined ? undefined : issuers.get(issuer),
      subject: textOf(at('subject')),
      audience: audiences?.join(', '),
      root: undefined,
    });
  });
}

export function vaultsOf(resources: ArmResources): readonly VaultEvidence[] {
  return resources.ofType(VAULT).map((vault) => {
    const at = (...path: readonly string[]): unknown => valueAt(vault.value, 'properties', ...path);
    const place = (key: string) => [...vault.path, 'properties', key];
    const access = textOf(at('publicNetworkAccess'));
    const action = textOf(at('networkAcls', 'defaultAction'));
    const isWithoutRules =
      isSaid(vault.value, 'properties', 'networkAcls') && at('networkAcls') === undefined;
    return known<VaultEvidence>({
      path: [...vault.path, 'name'],
      places: {
        usesRoles: place('enableRbacAuthorization'),
        isPublic: place('publicNetworkAccess'),
        defaultAction: place('networkAcls'),
        hasPurgeProtection: place('enablePurgeProtection'),
      },
      name: vault.name,
      usesRoles: booleanOf(at('enableRbacAuthorization')),
      isPublic: access === undefined ? undefined : access.toLowerCase() !== 'disabled',
      defaultAction: action === 'Allow' || action === 'Deny' ? action : isWithoutRules ? 'Allow' : undefined,
      hasPurgeProtection: flagAt(vault, 'enablePurgeProtection'),
    });
  });
}

export function logsOf(resources: ArmResources): NonNullable<Evidence['logs']> {
  type Logs = NonNullable<Evidence['logs']>[number];
  return resources.ofType(WORKSPACE).map((workspace) =>
    known<Logs>({
      path: [...workspace.path, 'name'],
      places: {
        dailyCapGB: [...workspace.path, 'properties', 'workspaceCapping', 'dailyQuotaGb'],
        retentionDays: [...workspace.path, 'properties', 'retentionInDays'],
      },
      dailyCapGB: numberOf(valueAt(workspace.value, 'properties', 'workspaceCapping', 'dailyQuotaGb')),
      retentionDays: numberOf(valueAt(workspace.value, 'properties', 'retentionInDays')),
    }),
  );
}

/** Alert rules, and how many the action groups tell. */
export function alertingOf(resources: ArmResources): Evidence['alerting'] {
  type Alerting = NonNullable<Evidence['alerting']>;
  const alerts = resources.ofType(...ALERTS);
  const groups = resources.ofType(GROUP);
  const [first] = [...groups, ...alerts];
  if (first === undefined) return undefined;
  const receivers = groups.flatMap(({ value }) =>
    // A group that is switched off tells nobody, whoever stands in it.
    valueAt(value, 'properties', 'enabled') === false
      ? []
      : Object.entries(mapOf(valueAt(value, 'properties')) ?? {}).flatMap(([key, list]) =>
          key.endsWith('Receivers') ? (listOf(list) ?? []) : [],
        ),
  );
  const areWhole =
    groups.length > 0 && groups.every(({ value }) => isSaid(value, 'properties', 'emailReceivers'));
  return known<Alerting>({
    path: [...first.path, 'name'],
    alerts: resources.hasType(...ALERTS) ? alerts.length : undefined,
    // Azure lists every kind of receiver, empty or not: a group without its lists was cut short.
    receivers: receivers.length > 0 || areWhole ? receivers.length : undefined,
  });
}

/** The fewest contacts of one notification decide: Azure refuses a budget where one has nobody. */
export function budgetsOf(resources: ArmResources): NonNullable<Evidence['budgets']> {
  type Budget = NonNullable<Evidence['budgets']>[number];
  return resources.ofType(BUDGET).map((budget) => {
    const notifications = mapOf(valueAt(budget.value, 'properties', 'notifications'));
    const counts = Object.values(notifications ?? {}).map(contactsOf);
    const amount = numberOf(valueAt(budget.value, 'properties', 'amount'));
    const isKnown = counts.length > 0 && counts.every((count) => count !== undefined);
    return known<Budget>({
      path: [...budget.path, 'name'],
      amount: amount === undefined ? undefined : usd(amount),
      // Azure and Terraform both leave a price to others.
      price: undefined,
      notifications: undefined,
      contacts: isKnown ? Math.min(...counts.map(Number)) : undefined,
    });
  });
}

function contactsOf(notification: unknown): number | undefined {
  const lists = ['contactEmails', 'contactRoles', 'contactGroups'].map((key) =>
    listOf(valueAt(notification, key)),
  );
  const count = lists.reduce((total, list) => total + (list?.length ?? 0), 0);
  return count > 0 || lists[0] !== undefined ? count : undefined;
}

/** What joins collection rules to clusters. */
export function logAssociationsOf(
  resources: ArmResources,
  nameOf: ClusterNames,
): readonly LogAssociationEvidence[] {
  const rules = new Map(resources.ofType(RULE).map((rule) => [rule.id, rule]));
  return associationsIn(resources).flatMap(({ association, target }) => {
    const rule = idAt(association.value, 'properties', 'dataCollectionRuleId');
    // An association with an endpoint carries no data of its own.
    if (rule === undefined && isSaid(association.value, 'properties', 'dataCollectionEndpointId')) return [];
    return [
      known<LogAssociationEvidence>({
        path: [...association.path, 'name'],
        cluster: nameOf(target),
        name: association.name,
        isOfContainerInsights: isOfContainerInsights(rule === undefined ? undefined : rules.get(rule)),
      }),
    ];
  });
}

/** Associations are parts of what they join: their type ends with theirs, behind the cluster's. */
function associationsIn(
  resources: ArmResources,
): readonly { readonly association: ArmResource; readonly target: string }[] {
  return resources.ofType(ASSOCIATION).flatMap((association) => {
    const [target] = association.id.split('/providers/microsoft.insights/');
    return target?.includes(CLUSTER) === true ? [{ association, target }] : [];
  });
}

function isOfContainerInsights(rule: ArmResource | undefined): boolean | undefined {
  const extensions = listOf(valueAt(rule?.value, 'properties', 'dataSources', 'extensions'));
  const names = extensions?.map((extension) => textOf(valueAt(extension, 'extensionName')));
  if (names?.includes('ContainerInsights')) return true;
  return names?.every((name) => name !== undefined) ? false : undefined;
}

/** Azure leaves a flag out that was never set; `az` writes null for it. */
function flagAt({ value }: ArmResource, key: string): boolean | undefined {
  const flag = booleanOf(valueAt(value, 'properties', key));
  return flag ?? (isSaid(value, 'properties', key) ? false : undefined);
}
