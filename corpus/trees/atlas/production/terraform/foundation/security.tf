# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

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
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.1.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-mesh-vxlan"
    description                = "mesh datapath between peers (ADR-A02)"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Udp"
    source_address_prefixes    = ["10.2.0.0/16", "10.3.0.0/16"]
    source_port_range          = "*"
    destination_address_prefix = "10.1.0.0/16"
    destination_port_range     = "8472"
  }

  security_rule {
    name                       = "allow-mesh-health"
    description                = "cilium-health between peers"
    priority                   = 120
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefixes    = ["10.2.0.0/16", "10.3.0.0/16"]
    source_port_range          = "*"
    destination_address_prefix = "10.1.0.0/16"
    destination_port_range     = "4240"
  }

  security_rule {
    name                       = "allow-mesh-ping"
    description                = "cilium-health between peers"
    priority                   = 121
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Icmp"
    source_address_prefixes    = ["10.2.0.0/16", "10.3.0.0/16"]
    source_port_range          = "*"
    destination_address_prefix = "10.1.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-mesh-api"
    description                = "clustermesh-apiserver behind its internal load balancer"
    priority                   = 130
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefixes    = ["10.2.0.0/16", "10.3.0.0/16"]
    source_port_range          = "*"
    destination_address_prefix = "10.1.0.0/16"
    destination_port_range     = "2379"
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
    destination_address_prefix = "10.1.0.0/16"
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
    destination_address_prefix = "10.1.0.0/16"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "nodes_mgmt" {
  subnet_id                 = azurerm_subnet.nodes_mgmt.id
  network_security_group_id = azurerm_network_security_group.nodes_mgmt.id
}

# What may reach the nodes of app1. Rules stand within the group, so that one added by hand shows in
# the next plan.
resource "azurerm_network_security_group" "nodes_app1" {
  name                = "nsg-snet-app1"
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
    source_address_prefix      = "10.2.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.2.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-mesh-vxlan"
    description                = "mesh datapath between peers (ADR-A02)"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Udp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.2.0.0/16"
    destination_port_range     = "8472"
  }

  security_rule {
    name                       = "allow-mesh-health"
    description                = "cilium-health between peers"
    priority                   = 120
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.2.0.0/16"
    destination_port_range     = "4240"
  }

  security_rule {
    name                       = "allow-mesh-ping"
    description                = "cilium-health between peers"
    priority                   = 121
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Icmp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.2.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-mesh-api"
    description                = "clustermesh-apiserver behind its internal load balancer"
    priority                   = 130
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.2.0.0/16"
    destination_port_range     = "2379"
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
    destination_address_prefix = "10.2.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-internet"
    description                = "a workload that the internet may call, behind a public load balancer"
    priority                   = 210
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_ranges    = ["80", "443"]
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
    destination_address_prefix = "10.2.0.0/16"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "nodes_app1" {
  subnet_id                 = azurerm_subnet.nodes_app1.id
  network_security_group_id = azurerm_network_security_group.nodes_app1.id
}

# What may reach the nodes of app2. Rules stand within the group, so that one added by hand shows in
# the next plan.
resource "azurerm_network_security_group" "nodes_app2" {
  name                = "nsg-snet-app2"
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
    source_address_prefix      = "10.3.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.3.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-mesh-vxlan"
    description                = "mesh datapath between peers (ADR-A02)"
    priority                   = 110
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Udp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.3.0.0/16"
    destination_port_range     = "8472"
  }

  security_rule {
    name                       = "allow-mesh-health"
    description                = "cilium-health between peers"
    priority                   = 120
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.3.0.0/16"
    destination_port_range     = "4240"
  }

  security_rule {
    name                       = "allow-mesh-ping"
    description                = "cilium-health between peers"
    priority                   = 121
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Icmp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.3.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-mesh-api"
    description                = "clustermesh-apiserver behind its internal load balancer"
    priority                   = 130
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "10.1.0.0/16"
    source_port_range          = "*"
    destination_address_prefix = "10.3.0.0/16"
    destination_port_range     = "2379"
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
    destination_address_prefix = "10.3.0.0/16"
    destination_port_range     = "*"
  }

  security_rule {
    name                       = "allow-internet"
    description                = "a workload that the internet may call, behind a public load balancer"
    priority                   = 210
    direction                  = "Inbound"
    access                     = "Allow"
    protocol                   = "Tcp"
    source_address_prefix      = "Internet"
    source_port_range          = "*"
    destination_address_prefix = "*"
    destination_port_ranges    = ["80", "443"]
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
    destination_address_prefix = "10.3.0.0/16"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "nodes_app2" {
  subnet_id                 = azurerm_subnet.nodes_app2.id
  network_security_group_id = azurerm_network_security_group.nodes_app2.id
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
    source_address_prefixes    = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"]
    source_port_range          = "*"
    destination_address_prefix = "10.4.0.0/25"
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
    destination_address_prefix = "10.4.0.0/25"
    destination_port_range     = "*"
  }
}

resource "azurerm_subnet_network_security_group_association" "endpoints" {
  subnet_id                 = azurerm_subnet.endpoints.id
  network_security_group_id = azurerm_network_security_group.endpoints.id
}
