# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

resource "azurerm_public_ip" "nat_services" {
  name                = "pip-borealis-demo-nat-services"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
  allocation_method   = "Static"
  sku                 = "Standard" # a gateway takes addresses of its own SKU only
}

resource "azurerm_nat_gateway" "services" {
  name                = "ng-borealis-demo-services"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  # A container group in a VNet reaches out through a NAT gateway only.
  sku_name = "Standard"
}

resource "azurerm_nat_gateway_public_ip_association" "services" {
  nat_gateway_id       = azurerm_nat_gateway.services.id
  public_ip_address_id = azurerm_public_ip.nat_services.id
}

resource "azurerm_subnet_nat_gateway_association" "container_apps" {
  subnet_id      = azurerm_subnet.container_apps.id
  nat_gateway_id = azurerm_nat_gateway.services.id
}

# Outbound address of mgmt. The one that AKS would make is known too late and lost with the cluster.
resource "azurerm_public_ip" "cluster_mgmt" {
  name                = "pip-borealis-demo-mgmt"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location

  tags = merge(local.tags, {
    cluster = "mgmt"
  })

  allocation_method = "Static"
  sku               = "Standard"
}

# Outbound address of shop. The one that AKS would make is known too late and lost with the cluster.
resource "azurerm_public_ip" "cluster_shop" {
  name                = "pip-borealis-demo-shop"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location

  tags = merge(local.tags, {
    cluster = "shop"
  })

  allocation_method = "Static"
  sku               = "Standard"
}
