# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_public_ip" "nat" {
  name                = "pip-atlas-prod-nat"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
  allocation_method   = "Static"
  sku                 = "StandardV2" # a gateway takes addresses of its own SKU only
}

resource "azurerm_nat_gateway" "fleet" {
  name                = "ng-atlas-prod"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  # Zone-redundant, at the price of the zonal one.
  sku_name = "StandardV2"
}

resource "azurerm_nat_gateway_public_ip_association" "fleet" {
  nat_gateway_id       = azurerm_nat_gateway.fleet.id
  public_ip_address_id = azurerm_public_ip.nat.id
}

resource "azurerm_subnet_nat_gateway_association" "nodes_mgmt" {
  subnet_id      = azurerm_subnet.nodes_mgmt.id
  nat_gateway_id = azurerm_nat_gateway.fleet.id
}

resource "azurerm_subnet_nat_gateway_association" "nodes_app1" {
  subnet_id      = azurerm_subnet.nodes_app1.id
  nat_gateway_id = azurerm_nat_gateway.fleet.id
}

resource "azurerm_subnet_nat_gateway_association" "nodes_app2" {
  subnet_id      = azurerm_subnet.nodes_app2.id
  nat_gateway_id = azurerm_nat_gateway.fleet.id
}
