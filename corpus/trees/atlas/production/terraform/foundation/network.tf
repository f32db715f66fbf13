# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_virtual_network" "fleet" {
  name                = "vnet-atlas-prod"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  # Pod and service ranges stay outside, as the clusters need them for themselves (ADR-A02).
  address_space = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/24"]
}

resource "azurerm_subnet" "nodes_mgmt" {
  name                            = "snet-mgmt"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.1.0.0/16"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all
}

resource "azurerm_subnet" "nodes_app1" {
  name                            = "snet-app1"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.2.0.0/16"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all
}

resource "azurerm_subnet" "nodes_app2" {
  name                            = "snet-app2"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.3.0.0/16"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all
}

resource "azurerm_subnet" "endpoints" {
  name                            = "snet-endpoints"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.4.0.0/25"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all

  # Without this a security group does not see the traffic of private endpoints.
  private_endpoint_network_policies = "Enabled"
}
