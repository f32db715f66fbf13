# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

# What may reach the nodes of mgmt. Rules stand within the group, so that one added by hand shows in
# the next plan.
resource "azurerm_network_security_group" "nodes_mgmt" {
  name                = "nsg-snet-mgmt"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  security_rule {
    name                       = "allow-own-nodes"
    description                = "AKS needs every port between the nodes of one cluster"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "10.0.16.0/20"
    source_port_range          = "*"
    destination_address_prefix = "10.0.16.0/20"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-load-balancer"
    description                = "health probes; without it every load balancer is down"
    priority                   = 200
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "AzureLoadBalancer"
    source_port_range          = "*"
    destination_address_prefix = "10.0.16.0/20"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "deny-virtual-network"
    description                = "a failure or a break-in in one cluster stays there"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "VirtualNetwork"
    source_port_range          = "*"
    destination_address_prefix = "10.0.16.0/20"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "nodes_mgmt" {
  subnet_id                 = azurerm_subnet.nodes_mgmt.id
  network_security_group_id = azurerm_network_security_group.nodes_mgmt.id
}

# What may reach the nodes of shop. Rules stand within the group, so that one added by hand shows in
# the next plan.
resource "azurerm_network_security_group" "nodes_shop" {
  name                = "nsg-snet-shop"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  security_rule {
    name                       = "allow-own-nodes"
    description                = "AKS needs every port between the nodes of one cluster"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "10.0.32.0/20"
    source_port_range          = "*"
    destination_address_prefix = "10.0.32.0/20"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-load-balancer"
    description                = "health probes; without it every load balancer is down"
    priority                   = 200
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "AzureLoadBalancer"
    source_port_range          = "*"
    destination_address_prefix = "10.0.32.0/20"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "deny-virtual-network"
    description                = "a failure or a break-in in one cluster stays there"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "VirtualNetwork"
    source_port_range          = "*"
    destination_address_prefix = "10.0.32.0/20"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "nodes_shop" {
  subnet_id                 = azurerm_subnet.nodes_shop.id
  network_security_group_id = azurerm_network_security_group.nodes_shop.id
}

# What may reach the private endpoints.
resource "azurerm_network_security_group" "endpoints" {
  name                = "nsg-snet-endpoints"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  security_rule {
    name                       = "allow-nodes-https"
    description                = "Key Vault behind its private endpoint (ADR-A03)"
    priority                   = 300
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefixes    = ["10.0.16.0/20", "10.0.32.0/20"]
    source_port_range          = "*"
    destination_address_prefix = "10.0.0.0/25"
    destination_port_range     = "443"
  }

  security_rule {
    name                       = "deny-virtual-network"
    description                = "a failure or a break-in in one cluster stays there"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "VirtualNetwork"
    source_port_range          = "*"
    destination_address_prefix = "10.0.0.0/25"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "endpoints" {
  subnet_id                 = azurerm_subnet.endpoints.id
  network_security_group_id = azurerm_network_security_group.endpoints.id
}

# Nothing outside may call in here.
resource "azurerm_network_security_group" "container_apps" {
  name                = "nsg-snet-container-apps"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags

  security_rule {
    name                       = "allow-own-subnet"
    description                = "the machines of the environment, among each other"
    priority                   = 100
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "10.0.0.192/26"
    source_port_range          = "*"
    destination_address_prefix = "10.0.0.192/26"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-load-balancer"
    description                = "health probes; without it every load balancer is down"
    priority                   = 200
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "*"
    source_address_prefix      = "AzureLoadBalancer"
    source_port_range          = "*"
    destination_address_prefix = "10.0.0.192/26"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "deny-virtual-network"
    description                = "a failure or a break-in in one cluster stays there"
    priority                   = 4000
    direction                  = "Inbound"
    access                     = "Deny"
    protocol                   = "*"
    source_address_prefix      = "VirtualNetwork"
    source_port_range          = "*"
    destination_address_prefix = "10.0.0.192/26"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "container_apps" {
  subnet_id                 = azurerm_subnet.container_apps.id
  network_security_group_id = azurerm_network_security_group.container_apps.id
}
