/** Attributes that decide something, by type of resource. Nothing else of a plan is held in memory. */
const NAMED = ['id', 'name', 'resource_group_name', 'tags'];
const ALERT = ['name'];
const BUDGET = ['name', 'notification', 'amount'];

const KEPT: Readonly<Record<string, readonly string[]>> = {
  azurerm_resource_group: ['id', 'name', 'tags'],
  azurerm_kubernetes_cluster: [
    ...NAMED,
    'location',
    'kubernetes_version',
    'sku_tier',
    'support_plan',
    'network_profile',
    'default_node_pool',
    'api_server_access_profile',
    'private_cluster_enabled',
    'private_cluster_public_fqdn_enabled',
    'private_dns_zone_id',
    'identity',
    'local_account_disabled',
    'azure_active_directory_role_based_access_control',
    'oidc_issuer_enabled',
    'oidc_issuer_url',
    'workload_identity_enabled',
    'oms_agent',
    'service_principal',
    'key_vault_secrets_provider',
  ],
  azurerm_kubernetes_cluster_node_pool: [
    'name',
    'kubernetes_cluster_id',
    'mode',
    'priority',
    'eviction_policy',
    'spot_max_price',
    'vm_size',
    'auto_scaling_enabled',
    'min_count',
    'max_count',
    'node_count',
    'zones',
    'max_pods',
    'os_disk_type',
    'os_disk_size_gb',
    'node_labels',
    'node_taints',
    'upgrade_settings',
    'vnet_subnet_id',
    'pod_subnet_id',
    'orchestrator_version',
  ],
  azurerm_virtual_network: [...NAMED, 'address_space'],
  azurerm_subnet: [
    ...NAMED,
    'virtual_network_name',
    'address_prefixes',
    'delegation',
    'private_endpoint_network_policies',
    'network_security_group_id_wo',
  ],
  azurerm_network_security_group: [...NAMED, 'security_rule'],
  azurerm_network_security_rule: [
    'name',
    'resource_group_name',
    'network_security_group_name',
    'direction',
    'access',
    'priority',
    'protocol',
    'source_port_range',
    'source_port_ranges',
    'destination_port_range',
    'destination_port_ranges',
    'source_address_prefix',
    'source_address_prefixes',
    'source_application_security_group_ids',
    'destination_address_prefix',
    'destination_address_prefixes',
    'destination_application_security_group_ids',
  ],
  azurerm_subnet_network_security_group_association: ['subnet_id', 'network_security_group_id'],
  azurerm_subnet_nat_gateway_association: ['subnet_id', 'nat_gateway_id'],
  azurerm_nat_gateway: [...NAMED, 'sku_name'],
  azurerm_nat_gateway_public_ip_association: ['nat_gateway_id', 'public_ip_address_id'],
  azurerm_public_ip: [...NAMED, 'sku'],
  azurerm_private_endpoint: ['name', 'subnet_id', 'private_service_connection'],
  azurerm_private_dns_zone: ['id', 'name', 'resource_group_name'],
  azurerm_container_group: ['name', 'subnet_ids'],
  azurerm_container_app_environment: ['name', 'infrastructure_subnet_id', 'workload_profile'],
  azurerm_user_assigned_identity: [...NAMED, 'principal_id'],
  azurerm_federated_identity_credential: [
    'name',
    'user_assigned_identity_id',
    'parent_id',
    'issuer',
    'subject',
    'audience',
  ],
  azurerm_role_assignment: [
    'scope',
    'role_definition_name',
    'role_definition_id',
    'principal_id',
    'principal_type',
  ],
  azurerm_key_vault: [
    ...NAMED,
    'rbac_authorization_enabled',
    'public_network_access_enabled',
    'network_acls',
    'purge_protection_enabled',
  ],
  azurerm_key_vault_secret: ['name', 'value'],
  azurerm_container_registry: [
    ...NAMED,
    'sku',
    'public_network_access_enabled',
    'zone_redundancy_enabled',
    'retention_policy_in_days',
    'georeplications',
  ],
  azurerm_storage_account: NAMED,
  azurerm_private_dns_zone_virtual_network_link: [
    'name',
    'private_dns_zone_id',
    'private_dns_zone_name',
    'virtual_network_id',
  ],
  azurerm_monitor_diagnostic_setting: [
    'name',
    'target_resource_id',
    'log_analytics_workspace_id',
    'enabled_log',
    'enabled_metric',
    'metric',
  ],
  azurerm_log_analytics_workspace: [...NAMED, 'daily_quota_gb', 'retention_in_days'],
  azurerm_monitor_data_collection_rule: [...NAMED, 'data_sources'],
  azurerm_monitor_data_collection_rule_association: [
    'name',
    'target_resource_id',
    'data_collection_rule_id',
    'data_collection_endpoint_id',
  ],
  azurerm_monitor_metric_alert: ALERT,
  azurerm_monitor_activity_log_alert: ALERT,
  azurerm_monitor_scheduled_query_rules_alert: ALERT,
  azurerm_monitor_scheduled_query_rules_alert_v2: ALERT,
  azurerm_monitor_alert_prometheus_rule_group: ALERT,
  azurerm_monitor_action_group: [
    ...NAMED,
    'enabled',
    'arm_role_receiver',
    'automation_runbook_receiver',
    'azure_app_push_receiver',
    'azure_function_receiver',
    'email_receiver',
    'event_hub_receiver',
    'itsm_receiver',
    'logic_app_receiver',
    'sms_receiver',
    'voice_receiver',
    'webhook_receiver',
  ],
  azurerm_consumption_budget_subscription: BUDGET,
  azurerm_consumption_budget_resource_group: BUDGET,
  azurerm_consumption_budget_management_group: BUDGET,
  azuread_application_password: [],
  azuread_service_principal_password: [],
  random_password: [],
  tls_private_key: [],
};

/** What these hold is a secret, or holds one: that they are set is all that is remembered of them. */
const SECRET = new Set(['value', 'service_principal']);

/** Whether resources of this type are held against the contract. */
export function isKept(type: string): boolean {
  return Object.hasOwn(KEPT, type);
}

/** The attributes of a resource, or the expressions of its configuration, that are worth keeping. */
export function keptOf(type: string, attributes: object): Readonly<Record<string, unknown>> {
  const kept: [string, unknown][] = [];
  for (const name of KEPT[type] ?? []) {
    if (!Object.hasOwn(attributes, name)) continue;
    const value = (attributes as Record<string, unknown>)[name];
    kept.push([name, SECRET.has(name) ? withoutSecret(value) : value]);
  }
  return Object.fromEntries(kept);
}

function withoutSecret(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(() => true);
  return value === null || value === '' ? null : true;
}
