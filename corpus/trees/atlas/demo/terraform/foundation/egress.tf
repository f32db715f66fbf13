# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

resource "azurerm_public_ip" "nat" {
  name                = "pip-atlas-demo-nat"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
  allocation_method   = "Static"
  sku                 = "Standard" # a gateway takes addresses of its own SKU only
}

resource "azurerm_nat_gateway" "fleet" {
  name                = "ng-atlas-demo"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  # One gateway and one address for the whole demo fleet.
  sku_name = "Standard"
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

resource "azurerm_subnet_nat_gateway_association" "container_instances" {
  subnet_id      = azurerm_subnet.container_instances.id
  nat_gateway_id = azurerm_nat_gateway.fleet.id
}
