# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_monitor_workspace" "fleet" {
  name                = "amw-borealis-prod"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

resource "azurerm_dashboard_grafana" "fleet" {
  name                  = "amg-borealis-prod"
  resource_group_name   = azurerm_resource_group.fleet.name
  location              = azurerm_resource_group.fleet.location
  tags                  = local.tags
  sku                   = "Standard"
  grafana_major_version = "12"

  identity {
    type = "SystemAssigned"
  }

  azure_monitor_workspace_integrations {
    resource_id = azurerm_monitor_workspace.fleet.id
  }
}

resource "azurerm_role_assignment" "grafana_on_metrics" {
  name = uuidv5("url", join("|", [
    azurerm_monitor_workspace.fleet.id,
    azurerm_dashboard_grafana.fleet.identity[0].principal_id,
    "Monitoring Data Reader",
  ]))

  scope                            = azurerm_monitor_workspace.fleet.id
  role_definition_name             = "Monitoring Data Reader"
  principal_id                     = azurerm_dashboard_grafana.fleet.identity[0].principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

resource "azurerm_role_assignment" "grafana_on_fleet" {
  name = uuidv5("url", join("|", [
    azurerm_resource_group.fleet.id,
    azurerm_dashboard_grafana.fleet.identity[0].principal_id,
    "Monitoring Reader",
  ]))

  scope                            = azurerm_resource_group.fleet.id
  role_definition_name             = "Monitoring Reader"
  principal_id                     = azurerm_dashboard_grafana.fleet.identity[0].principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

resource "azurerm_role_assignment" "admins_on_grafana" {
  for_each             = toset(var.admin_group_ids)
  name                 = uuidv5("url", join("|", [azurerm_dashboard_grafana.fleet.id, each.value, "Grafana Admin"]))
  scope                = azurerm_dashboard_grafana.fleet.id
  role_definition_name = "Grafana Admin"
  principal_id         = each.value
  principal_type       = "Group"
}
