# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

locals {
  location = "swedencentral"

  tags = {
    fleet       = "borealis"
    environment = "demo"
    cluster     = "mgmt"
    role        = "mgmt"
    tier        = "1"
    managed-by  = "bulkhead"
  }

  resource_group_name = "rg-borealis-demo-mgmt"

  # Ids of the foundation are computed from names, so that this root plans alone.
  foundation = "/subscriptions/${var.subscription_id}/resourceGroups/rg-borealis-demo/providers"

  subnet_id        = "${local.foundation}/Microsoft.Network/virtualNetworks/vnet-borealis-demo/subnets/snet-mgmt"
  identities       = "${local.foundation}/Microsoft.ManagedIdentity/userAssignedIdentities"
  outbound_ip_id   = "${local.foundation}/Microsoft.Network/publicIPAddresses/pip-borealis-demo-mgmt"
  log_workspace_id = "${local.foundation}/Microsoft.OperationalInsights/workspaces/log-borealis-demo"
}
