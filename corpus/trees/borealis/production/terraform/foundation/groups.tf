# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_resource_group" "fleet" {
  name     = "rg-borealis-prod"
  location = local.location
  tags     = local.tags
}

resource "azurerm_resource_group" "cluster_mgmt" {
  name     = "rg-borealis-prod-mgmt"
  location = local.location

  tags = merge(local.tags, {
    cluster = "mgmt"
  })
}

resource "azurerm_resource_group" "cluster_shop" {
  name     = "rg-borealis-prod-shop"
  location = local.location

  tags = merge(local.tags, {
    cluster = "shop"
  })
}
