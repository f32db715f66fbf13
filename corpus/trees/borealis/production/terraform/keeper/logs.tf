# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

# By a setting of Azure Monitor: every other way would put a key of the workspace into the state
# (C4).
resource "azurerm_monitor_diagnostic_setting" "keeper" {
  name                       = "keeper"
  target_resource_id         = azurerm_container_app_environment.keeper.id
  log_analytics_workspace_id = local.log_workspace_id

  enabled_log {
    category = "ContainerAppConsoleLogs"
  }

  enabled_log {
    category = "ContainerAppSystemLogs"
  }
}
