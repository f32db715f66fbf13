# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

locals {
  location = "swedencentral"

  tags = {
    fleet       = "borealis"
    environment = "production"
    managed-by  = "bulkhead"
  }

  resource_group_name = "rg-borealis-prod"

  # Ids of the foundation are computed from names, so that this root plans alone.
  foundation = "/subscriptions/${var.subscription_id}/resourceGroups/rg-borealis-prod/providers"

  subnet_id        = "${local.foundation}/Microsoft.Network/virtualNetworks/vnet-borealis-prod/subnets/snet-container-apps"
  identities       = "${local.foundation}/Microsoft.ManagedIdentity/userAssignedIdentities"
  identity_id      = "${local.identities}/id-borealis-prod-keeper"
  log_workspace_id = "${local.foundation}/Microsoft.OperationalInsights/workspaces/log-borealis-prod"

  # What the keeper is told. It holds no secret: the identity is all it needs (C4).
  environment = {
    AZURE_TENANT_ID       = var.tenant_id
    AZURE_SUBSCRIPTION_ID = var.subscription_id
    AZURE_CLIENT_ID       = var.identity_client_id
    BULKHEAD_FLEET        = "borealis"
    BULKHEAD_ENVIRONMENT  = "production"
    BULKHEAD_CLUSTERS = jsonencode([
      {
        name          = "mgmt"
        role          = "mgmt"
        resourceGroup = "rg-borealis-prod-mgmt"
        resourceName  = "aks-borealis-prod-mgmt"
      },
      {
        name          = "shop"
        role          = "app"
        resourceGroup = "rg-borealis-prod-shop"
        resourceName  = "aks-borealis-prod-shop"
      },
    ])
  }
}
