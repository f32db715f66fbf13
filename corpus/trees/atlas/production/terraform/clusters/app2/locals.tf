# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

locals {
  location = "koreacentral"

  tags = {
    fleet       = "atlas"
    environment = "production"
    cluster     = "app2"
    role        = "app"
    tier        = "2"
    managed-by  = "bulkhead"
  }

  resource_group_name = "rg-atlas-prod-app2"

  # Ids of the foundation are computed from names, so that this root plans alone.
  foundation = "/subscriptions/${var.subscription_id}/resourceGroups/rg-atlas-prod/providers"

  subnet_id        = "${local.foundation}/Microsoft.Network/virtualNetworks/vnet-atlas-prod/subnets/snet-app2"
  identities       = "${local.foundation}/Microsoft.ManagedIdentity/userAssignedIdentities"
  log_workspace_id = "${local.foundation}/Microsoft.OperationalInsights/workspaces/log-atlas-prod"
}
