# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

locals {
  location = "koreacentral"

  tags = {
    fleet       = "atlas"
    environment = "demo"
    cluster     = "app1"
    role        = "app"
    tier        = "2"
    managed-by  = "bulkhead"
  }

  resource_group_name = "rg-atlas-demo-app1"

  # Ids of the foundation are computed from names, so that this root plans alone.
  foundation = "/subscriptions/${var.subscription_id}/resourceGroups/rg-atlas-demo/providers"

  subnet_id        = "${local.foundation}/Microsoft.Network/virtualNetworks/vnet-atlas-demo/subnets/snet-app1"
  identities       = "${local.foundation}/Microsoft.ManagedIdentity/userAssignedIdentities"
  log_workspace_id = "${local.foundation}/Microsoft.OperationalInsights/workspaces/log-atlas-demo"
}
