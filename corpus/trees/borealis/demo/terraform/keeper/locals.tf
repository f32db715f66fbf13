# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

locals {
  location = "swedencentral"

  tags = {
    fleet       = "borealis"
    environment = "demo"
    managed-by  = "bulkhead"
  }

  resource_group_name = "rg-borealis-demo"

  # Ids of the foundation are computed from names, so that this root plans alone.
  foundation = "/subscriptions/${var.subscription_id}/resourceGroups/rg-borealis-demo/providers"

  subnet_id        = "${local.foundation}/Microsoft.Network/virtualNetworks/vnet-borealis-demo/subnets/snet-container-apps"
  identities       = "${local.foundation}/Microsoft.ManagedIdentity/userAssignedIdentities"
  identity_id      = "${local.identities}/id-borealis-demo-keeper"
  log_workspace_id = "${local.foundation}/Microsoft.OperationalInsights/workspaces/log-borealis-demo"

  # What the keeper is told. It holds no secret: the identity is all it needs (C4).
  environment = {
    AZURE_TENANT_ID       = var.tenant_id
    AZURE_SUBSCRIPTION_ID = var.subscription_id
    AZURE_CLIENT_ID       = var.identity_client_id
    BULKHEAD_FLEET        = "borealis"
    BULKHEAD_ENVIRONMENT  = "demo"
    BULKHEAD_TIMEZONE     = "Europe/Stockholm"
    BULKHEAD_AWAKE        = "Mon-Fri 07:00-19:00"
    BULKHEAD_ASLEEP       = "stop"
    BULKHEAD_CLUSTERS = jsonencode([
      {
        name          = "mgmt"
        role          = "mgmt"
        resourceGroup = "rg-borealis-demo-mgmt"
        resourceName  = "aks-borealis-demo-mgmt"
      },
      {
        name          = "shop"
        role          = "app"
        resourceGroup = "rg-borealis-demo-shop"
        resourceName  = "aks-borealis-demo-shop"
      },
    ])
  }
}
