# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_log_analytics_workspace" "fleet" {
  name                = "log-borealis-prod"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
  sku                 = "PerGB2018"

  # A fuse, not a budget: it is known to trip late, and every log alert is blind once it has.
  daily_quota_gb = 5

  retention_in_days = 30

  # The workspace keys stand in the state, so they must open nothing: agents use their identities
  # (C4).
  local_authentication_enabled = false
}
