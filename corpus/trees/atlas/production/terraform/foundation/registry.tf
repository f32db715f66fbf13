# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_container_registry" "fleet" {
  name                = "cratlasprod${local.suffix}"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
  sku                 = "Standard"
  admin_enabled       = false # no password exists; kubelet identities pull (ADR-A03)
}
