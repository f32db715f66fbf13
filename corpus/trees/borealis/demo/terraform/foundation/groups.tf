# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

resource "azurerm_resource_group" "fleet" {
  name     = "rg-borealis-demo"
  location = local.location
  tags     = local.tags
}

resource "azurerm_resource_group" "cluster_mgmt" {
  name     = "rg-borealis-demo-mgmt"
  location = local.location

  tags = merge(local.tags, {
    cluster = "mgmt"
  })
}

resource "azurerm_resource_group" "cluster_shop" {
  name     = "rg-borealis-demo-shop"
  location = local.location

  tags = merge(local.tags, {
    cluster = "shop"
  })
}
