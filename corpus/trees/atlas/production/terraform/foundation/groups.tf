# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_resource_group" "fleet" {
  name     = "rg-atlas-prod"
  location = local.location
  tags     = local.tags
}

resource "azurerm_resource_group" "cluster_mgmt" {
  name     = "rg-atlas-prod-mgmt"
  location = local.location

  tags = merge(local.tags, {
    cluster = "mgmt"
  })
}

resource "azurerm_resource_group" "cluster_app1" {
  name     = "rg-atlas-prod-app1"
  location = local.location

  tags = merge(local.tags, {
    cluster = "app1"
  })
}

resource "azurerm_resource_group" "cluster_app2" {
  name     = "rg-atlas-prod-app2"
  location = local.location

  tags = merge(local.tags, {
    cluster = "app2"
  })
}
