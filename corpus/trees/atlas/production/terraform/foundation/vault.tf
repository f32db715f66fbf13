# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

# Secrets live here and nowhere else (C4, ADR-A03).
resource "azurerm_key_vault" "fleet" {
  name                = "kv-atlas-prod-${local.suffix}"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
  tenant_id           = var.tenant_id
  sku_name            = "standard"

  # Roles alone decide, as everywhere else in the fleet (ADR-A03).
  rbac_authorization_enabled = true

  # No one can purge a secret, not even its owner; Azure never lets this be switched off again.
  purge_protection_enabled   = true
  soft_delete_retention_days = 90

  # The private endpoint is the only way in.
  public_network_access_enabled = false

  network_acls {
    bypass         = "None"
    default_action = "Deny"
  }
}

resource "azurerm_private_dns_zone" "vault" {
  name                = "privatelink.vaultcore.azure.net"
  resource_group_name = azurerm_resource_group.fleet.name
  tags                = local.tags
}

resource "azurerm_private_dns_zone_virtual_network_link" "vault" {
  name                = "fleet"
  private_dns_zone_id = azurerm_private_dns_zone.vault.id
  virtual_network_id  = azurerm_virtual_network.fleet.id
  tags                = local.tags
}

# Nodes reach the vault within the VNet, by its usual name.
resource "azurerm_private_endpoint" "vault" {
  name                = "pe-atlas-prod-vault"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
  subnet_id           = azurerm_subnet.endpoints.id

  private_service_connection {
    name                           = "vault"
    private_connection_resource_id = azurerm_key_vault.fleet.id
    subresource_names              = ["vault"]
    is_manual_connection           = false
  }

  private_dns_zone_group {
    name                 = "vault"
    private_dns_zone_ids = [azurerm_private_dns_zone.vault.id]
  }
}

# Owning a vault gives no right to its secrets: without this nobody could write the first one.
resource "azurerm_role_assignment" "admins_on_vault" {
  for_each = toset(var.admin_group_ids)

  name = uuidv5("url", join("|", [
    azurerm_key_vault.fleet.id,
    each.value,
    "Key Vault Secrets Officer",
  ]))

  scope                = azurerm_key_vault.fleet.id
  role_definition_name = "Key Vault Secrets Officer"
  principal_id         = each.value
  principal_type       = "Group"
}

# Who read or wrote which secret, and who was refused (C4).
resource "azurerm_monitor_diagnostic_setting" "vault" {
  name                       = "audit"
  target_resource_id         = azurerm_key_vault.fleet.id
  log_analytics_workspace_id = azurerm_log_analytics_workspace.fleet.id

  enabled_log {
    category = "AuditEvent"
  }
}
