import { usd } from '../../base/money.ts';
import type {
  AzureEvidence,
  LogAssociationEvidence,
  RootEvidence,
  VaultEvidence,
} from '../azure-evidence.ts';
import type { AzureNameEvidence, Evidence, SecretSyncEvidence } from '../evidence.ts';
import type { Graph } from './graph.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, place, type Terms } from './terms.ts';
import { blocksAt, numberAt, oneOfAt, switchAt, textAt, valueAt } from './values.ts';

const ALERTS = [
  'azurerm_monitor_metric_alert',
  'azurerm_monitor_activity_log_alert',
  'azurerm_monitor_scheduled_query_rules_alert',
  'azurerm_monitor_scheduled_query_rules_alert_v2',
  'azurerm_monitor_alert_prometheus_rule_group',
];
const BUDGETS = [
  'azurerm_consumption_budget_subscription',
  'azurerm_consumption_budget_resource_group',
  'azurerm_consumption_budget_management_group',
];
const RULE = 'azurerm_monitor_data_collection_rule';

export function vaultsOf({ graph, labelOf }: Terms): VaultEvidence[] {
  return graph.managed('azurerm_key_vault').map((vault) => {
    const { values } = vault;
    const rules = blocksAt(values, 'network_acls');
    const isPublic = valueAt(values, 'public_network_access_enabled');
    return known<VaultEvidence>({
      path: place(vault),
      places: {
        usesRoles: place(vault, 'rbac_authorization_enabled'),
        isPublic: place(vault, 'public_network_access_enabled'),
        defaultAction: place(vault, 'network_acls'),
        hasPurgeProtection: place(vault, 'purge_protection_enabled'),
      },
      name: labelOf(vault),
      usesRoles: switchAt(values, 'rbac_authorization_enabled'),
      // The only switch of a vault that is on where nobody writes it.
      isPublic: isPublic === null ? true : typeof isPublic === 'boolean' ? isPublic : undefined,
      defaultAction: defaultActionOf(graph, vault, rules),
      hasPurgeProtection: switchAt(values, 'purge_protection_enabled'),
    });
  });
}

/** A vault without rules lets everybody in, as far as its network goes. */
function defaultActionOf(
  graph: Graph,
  vault: Instance,
  rules: readonly unknown[] | undefined,
): VaultEvidence['defaultAction'] {
  const isUnwritten = rules === undefined && graph.isWritten(vault, ['network_acls']) === false;
  if (rules?.length === 0 || isUnwritten) return 'Allow';
  return oneOfAt(['Allow', 'Deny'], rules?.[0], 'default_action');
}

export function logsOf({ graph }: Terms): NonNullable<Evidence['logs']> {
  type Logs = NonNullable<Evidence['logs']>[number];
  return graph.managed('azurerm_log_analytics_workspace').map((workspace) =>
    known<Logs>({
      path: place(workspace),
      places: {
        dailyCapGB: place(workspace, 'daily_quota_gb'),
        retentionDays: place(workspace, 'retention_in_days'),
      },
      dailyCapGB: numberAt(workspace.values, 'daily_quota_gb'),
      retentionDays: numberAt(workspace.values, 'retention_in_days'),
    }),
  );
}

/** Alert rules, and how many the action groups beside them tell; groups of another state are not counted. */
export function alertingOf({ graph }: Terms): Evidence['alerting'] {
  type Alerting = NonNullable<Evidence['alerting']>;
  const alerts = graph.managed(...ALERTS);
  const [first] = alerts;
  if (first === undefined) return undefined;
  const groups = graph.managed('azurerm_monitor_action_group');
  const receivers = groups.flatMap(({ values }) =>
    // A group that is switched off tells nobody, whoever stands in it.
    valueAt(values, 'enabled') === false
      ? []
      : Object.keys(values)
          .filter((name) => name.endsWith('_receiver'))
          .map((name) => blocksAt(values, name)?.length),
  );
  const isKnown = groups.length > 0 && receivers.every((count) => count !== undefined);
  return known<Alerting>({
    path: place(groups[0] ?? first),
    alerts: alerts.length,
    receivers: isKnown ? receivers.reduce((total, count) => total + count!, 0) : undefined,
  });
}

/** Azure refuses a budget when one of its notifications has nobody: the fewest contacts of one decide. */
export function budgetsOf({ graph }: Terms): NonNullable<Evidence['budgets']> {
  type Budget = NonNullable<Evidence['budgets']>[number];
  return graph.managed(...BUDGETS).map((budget) => {
    const counts = blocksAt(budget.values, 'notification')?.map(contactsOf);
    const isKnown = counts !== undefined && counts.every((count) => count !== undefined);
    const amount = numberAt(budget.values, 'amount');
    return known<Budget>({
      path: place(budget, 'notification'),
      places: { amount: place(budget, 'amount') },
      amount: amount === undefined ? undefined : usd(amount),
      // Azure and Terraform both leave a price to others.
      price: undefined,
      notifications: counts?.length,
      contacts: isKnown ? Math.min(Infinity, ...counts) : undefined,
    });
  });
}

function contactsOf(notification: unknown): number | undefined {
  const lists = ['contact_emails', 'contact_roles', 'contact_groups'].map((name) =>
    blocksAt(notification, name),
  );
  const count = lists.reduce((total, list) => total + (list?.length ?? 0), 0);
  return count > 0 || lists.every((list) => list !== undefined) ? count : undefined;
}

/** What joins collection rules to clusters; associations with an endpoint carry no data of their own. */
export function logAssociationsOf({ graph, labelOf }: Terms): LogAssociationEvidence[] {
  return graph.managed('azurerm_monitor_data_collection_rule_association').flatMap((association) => {
    const rule = graph.link(association, ['data_collection_rule_id'], RULE);
    const target = graph.link(association, ['target_resource_id'], CLUSTER);
    if (rule.kind === 'none' || target.kind === 'none') return [];
    return [
      known<LogAssociationEvidence>({
        path: place(association, 'name'),
        cluster:
          target.kind === 'resource'
            ? labelOf(target.to)
            : target.kind === 'elsewhere'
              ? target.id
              : undefined,
        name: textAt(association.values, 'name'),
        isOfContainerInsights: rule.kind === 'resource' ? isOfContainerInsights(rule.to) : undefined,
      }),
    ];
  });
}

function isOfContainerInsights(rule: Instance): boolean | undefined {
  const extensions = blocksAt(rule.values, 'data_sources', 0, 'extension');
  const names = extensions?.map((extension) => textAt(extension, 'extension_name'));
  if (names?.includes('ContainerInsights')) return true;
  return names?.every((name) => name !== undefined) ? false : undefined;
}

/** The CSI driver, where a cluster has it; that it lacks it says nothing of how secrets come to its pods. */
export function secretSyncsOf({ graph, labelOf }: Terms): SecretSyncEvidence[] {
  return graph.managed(CLUSTER).flatMap((cluster) => {
    const provider = blocksAt(cluster.values, 'key_vault_secrets_provider');
    return provider !== undefined && provider.length > 0
      ? [
          {
            path: place(cluster, 'key_vault_secrets_provider'),
            cluster: labelOf(cluster),
            method: 'csi' as const,
          },
        ]
      : [];
  });
}

const SECRET_RESOURCES: Readonly<Record<string, string>> = {
  azuread_application_password: 'the client secret of an application',
  azuread_service_principal_password: 'the client secret of a service principal',
  random_password: 'a password',
  tls_private_key: 'a private key',
};

/** Resources whose secret Terraform writes into its state. */
export function stateSecretsOf({ graph }: Terms): NonNullable<AzureEvidence['stateSecrets']> {
  const secrets = graph
    .managed(...Object.keys(SECRET_RESOURCES))
    .map((secret) => ({ path: place(secret), what: SECRET_RESOURCES[secret.type]! }));
  const values = graph.managed('azurerm_key_vault_secret').flatMap((secret) => {
    // A value that is not known yet is one that the configuration writes.
    const value = valueAt(secret.values, 'value');
    const isStored = value === undefined ? graph.isWritten(secret, ['value']) : value !== null;
    if (isStored === false) return [];
    const path = place(secret, 'value');
    return isStored === undefined ? [{ path }] : [{ path, what: 'the value of a vault secret' }];
  });
  return [...secrets, ...values];
}

export function rootsOf({ graph, labelOf }: Terms): RootEvidence[] {
  return graph.files.map(({ name, providers }) => ({
    path: [name],
    name,
    providers,
    clusters: graph
      .managed(CLUSTER)
      .filter(({ file }) => file === name)
      .map(labelOf),
  }));
}

const NAMED: Readonly<Record<string, string>> = {
  azurerm_resource_group: 'resource group',
  azurerm_virtual_network: 'virtual network',
  azurerm_subnet: 'subnet',
  azurerm_network_security_group: 'security group',
  azurerm_nat_gateway: 'NAT gateway',
  azurerm_public_ip: 'public IP',
  azurerm_kubernetes_cluster: 'cluster',
  azurerm_user_assigned_identity: 'managed identity',
  azurerm_key_vault: 'vault',
  azurerm_log_analytics_workspace: 'workspace',
  azurerm_container_registry: 'registry',
  azurerm_storage_account: 'storage account',
};

/** Ids without the subscription: two resources with one of them are one resource that two states fight over. */
export function azureNamesOf({ graph }: Terms): AzureNameEvidence[] {
  return Object.entries(NAMED).flatMap(([type, what]) =>
    graph.managed(type).flatMap((instance) => {
      const id = graph.idOf(instance);
      if (id === undefined) return [];
      const name = id.key
        .replace(/^\/resourcegroups\//, '')
        .replaceAll(/\/providers\/[^/]+\/[^/]+|\/subnets/g, '');
      return [
        {
          path: place(instance),
          places: { label: place(instance, 'name') },
          type: what,
          name,
          label: textAt(instance.values, 'name') ?? name.slice(name.lastIndexOf('/') + 1),
          use: `${instance.address} of ${instance.file}`,
        },
      ];
    }),
  );
}
