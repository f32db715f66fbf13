# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

locals {
  location = "koreacentral"

  tags = {
    fleet       = "atlas"
    environment = "demo"
    managed-by  = "bulkhead"
  }

  resource_group_name = "rg-atlas-demo"

  # Ids of the foundation are computed from names, so that this root plans alone.
  foundation = "/subscriptions/${var.subscription_id}/resourceGroups/rg-atlas-demo/providers"

  subnet_id        = "${local.foundation}/Microsoft.Network/virtualNetworks/vnet-atlas-demo/subnets/snet-container-instances"
  identities       = "${local.foundation}/Microsoft.ManagedIdentity/userAssignedIdentities"
  identity_id      = "${local.identities}/id-atlas-demo-keeper"
  log_workspace_id = "${local.foundation}/Microsoft.OperationalInsights/workspaces/log-atlas-demo"

  # What the keeper is told. It holds no secret: the identity is all it needs (C4).
  environment = {
    AZURE_TENANT_ID       = var.tenant_id
    AZURE_SUBSCRIPTION_ID = var.subscription_id
    AZURE_CLIENT_ID       = var.identity_client_id
    BULKHEAD_FLEET        = "atlas"
    BULKHEAD_ENVIRONMENT  = "demo"
    BULKHEAD_TIMEZONE     = "Asia/Seoul"
    BULKHEAD_AWAKE        = "Mon-Fri 08:00-20:00"
    BULKHEAD_ASLEEP       = "stop"
    BULKHEAD_CLUSTERS = jsonencode([
      {
        name          = "mgmt"
        role          = "mgmt"
        resourceGroup = "rg-atlas-demo-mgmt"
        resourceName  = "aks-atlas-demo-mgmt"
      },
      {
        name          = "app1"
        role          = "app"
        resourceGroup = "rg-atlas-demo-app1"
        resourceName  = "aks-atlas-demo-app1"
      },
      {
        name          = "app2"
        role          = "app"
        resourceGroup = "rg-atlas-demo-app2"
        resourceName  = "aks-atlas-demo-app2"
      },
    ])
  }
}
