# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_virtual_network" "fleet" {
  name                = "vnet-borealis-prod"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  # Pod and service ranges stay outside, as the clusters need them for themselves (ADR-A02).
  address_space = ["10.0.0.0/24", "10.0.16.0/20", "10.0.32.0/20"]
}

resource "azurerm_subnet" "nodes_mgmt" {
  name                            = "snet-mgmt"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.0.16.0/20"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all
}

resource "azurerm_subnet" "nodes_shop" {
  name                            = "snet-shop"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.0.32.0/20"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all
}

resource "azurerm_subnet" "endpoints" {
  name                            = "snet-endpoints"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.0.0.0/25"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all

  # Without this a security group does not see the traffic of private endpoints.
  private_endpoint_network_policies = "Enabled"
}

resource "azurerm_subnet" "container_apps" {
  name                            = "snet-container-apps"
  resource_group_name             = azurerm_resource_group.fleet.name
  virtual_network_name            = azurerm_virtual_network.fleet.name
  address_prefixes                = ["10.0.0.192/26"]
  default_outbound_access_enabled = false # traffic leaves as egress.tf says, or not at all

  # A delegated subnet takes nothing else: no private endpoint, no node.
  delegation {
    name = "container-apps"

    service_delegation {
      name    = "Microsoft.App/environments"
      actions = ["Microsoft.Network/virtualNetworks/subnets/join/action"]
    }
  }
}
