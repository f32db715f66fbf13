# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

# Entra learns of a new identity late: `principal_type` and `skip_service_principal_aad_check` keep
# an assignment from looking it up too early.

# The `name` of an assignment is computed: Azure takes the same grant only once, and one that a lost
# state forgot is found by it.

# The control plane of mgmt.
resource "azurerm_user_assigned_identity" "mgmt_control_plane" {
  name                = "id-borealis-prod-mgmt"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Joins nodes and internal load balancers to the subnet; a system-assigned identity could not be
# granted this before the cluster exists.
resource "azurerm_role_assignment" "mgmt_control_plane_on_subnet" {
  name = uuidv5("url", join("|", [
    azurerm_subnet.nodes_mgmt.id,
    azurerm_user_assigned_identity.mgmt_control_plane.principal_id,
    "Network Contributor",
  ]))

  scope                            = azurerm_subnet.nodes_mgmt.id
  role_definition_name             = "Network Contributor"
  principal_id                     = azurerm_user_assigned_identity.mgmt_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Assigns the kubelet identity to the nodes.
resource "azurerm_role_assignment" "mgmt_control_plane_on_mgmt_kubelet" {
  name = uuidv5("url", join("|", [
    azurerm_user_assigned_identity.mgmt_kubelet.id,
    azurerm_user_assigned_identity.mgmt_control_plane.principal_id,
    "Managed Identity Operator",
  ]))

  scope                            = azurerm_user_assigned_identity.mgmt_kubelet.id
  role_definition_name             = "Managed Identity Operator"
  principal_id                     = azurerm_user_assigned_identity.mgmt_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Attaches the outbound address to the cluster load balancer.
resource "azurerm_role_assignment" "mgmt_control_plane_on_public_ip" {
  name = uuidv5("url", join("|", [
    azurerm_public_ip.cluster_mgmt.id,
    azurerm_user_assigned_identity.mgmt_control_plane.principal_id,
    "Network Contributor",
  ]))

  scope                            = azurerm_public_ip.cluster_mgmt.id
  role_definition_name             = "Network Contributor"
  principal_id                     = azurerm_user_assigned_identity.mgmt_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# The nodes of mgmt.
resource "azurerm_user_assigned_identity" "mgmt_kubelet" {
  name                = "id-borealis-prod-mgmt-kubelet"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Nodes pull images.
resource "azurerm_role_assignment" "mgmt_kubelet_on_registry" {
  name = uuidv5("url", join("|", [
    azurerm_container_registry.fleet.id,
    azurerm_user_assigned_identity.mgmt_kubelet.principal_id,
    "AcrPull",
  ]))

  scope                            = azurerm_container_registry.fleet.id
  role_definition_name             = "AcrPull"
  principal_id                     = azurerm_user_assigned_identity.mgmt_kubelet.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# What reads the vault on mgmt.
resource "azurerm_user_assigned_identity" "mgmt_vault_reader" {
  name                = "id-borealis-prod-mgmt-secrets"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Reads secrets, never writes them (ADR-A03).
resource "azurerm_role_assignment" "mgmt_vault_reader_on_vault" {
  name = uuidv5("url", join("|", [
    azurerm_key_vault.fleet.id,
    azurerm_user_assigned_identity.mgmt_vault_reader.principal_id,
    "Key Vault Secrets User",
  ]))

  scope                            = azurerm_key_vault.fleet.id
  role_definition_name             = "Key Vault Secrets User"
  principal_id                     = azurerm_user_assigned_identity.mgmt_vault_reader.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# The control plane of shop.
resource "azurerm_user_assigned_identity" "shop_control_plane" {
  name                = "id-borealis-prod-shop"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Joins nodes and internal load balancers to the subnet; a system-assigned identity could not be
# granted this before the cluster exists.
resource "azurerm_role_assignment" "shop_control_plane_on_subnet" {
  name = uuidv5("url", join("|", [
    azurerm_subnet.nodes_shop.id,
    azurerm_user_assigned_identity.shop_control_plane.principal_id,
    "Network Contributor",
  ]))

  scope                            = azurerm_subnet.nodes_shop.id
  role_definition_name             = "Network Contributor"
  principal_id                     = azurerm_user_assigned_identity.shop_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Assigns the kubelet identity to the nodes.
resource "azurerm_role_assignment" "shop_control_plane_on_shop_kubelet" {
  name = uuidv5("url", join("|", [
    azurerm_user_assigned_identity.shop_kubelet.id,
    azurerm_user_assigned_identity.shop_control_plane.principal_id,
    "Managed Identity Operator",
  ]))

  scope                            = azurerm_user_assigned_identity.shop_kubelet.id
  role_definition_name             = "Managed Identity Operator"
  principal_id                     = azurerm_user_assigned_identity.shop_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Attaches the outbound address to the cluster load balancer.
resource "azurerm_role_assignment" "shop_control_plane_on_public_ip" {
  name = uuidv5("url", join("|", [
    azurerm_public_ip.cluster_shop.id,
    azurerm_user_assigned_identity.shop_control_plane.principal_id,
    "Network Contributor",
  ]))

  scope                            = azurerm_public_ip.cluster_shop.id
  role_definition_name             = "Network Contributor"
  principal_id                     = azurerm_user_assigned_identity.shop_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# The nodes of shop.
resource "azurerm_user_assigned_identity" "shop_kubelet" {
  name                = "id-borealis-prod-shop-kubelet"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Nodes pull images.
resource "azurerm_role_assignment" "shop_kubelet_on_registry" {
  name = uuidv5("url", join("|", [
    azurerm_container_registry.fleet.id,
    azurerm_user_assigned_identity.shop_kubelet.principal_id,
    "AcrPull",
  ]))

  scope                            = azurerm_container_registry.fleet.id
  role_definition_name             = "AcrPull"
  principal_id                     = azurerm_user_assigned_identity.shop_kubelet.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# What reads the vault on shop.
resource "azurerm_user_assigned_identity" "shop_vault_reader" {
  name                = "id-borealis-prod-shop-secrets"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Reads secrets, never writes them (ADR-A03).
resource "azurerm_role_assignment" "shop_vault_reader_on_vault" {
  name = uuidv5("url", join("|", [
    azurerm_key_vault.fleet.id,
    azurerm_user_assigned_identity.shop_vault_reader.principal_id,
    "Key Vault Secrets User",
  ]))

  scope                            = azurerm_key_vault.fleet.id
  role_definition_name             = "Key Vault Secrets User"
  principal_id                     = azurerm_user_assigned_identity.shop_vault_reader.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Argo CD on mgmt.
resource "azurerm_user_assigned_identity" "argo_cd" {
  name                = "id-borealis-prod-argocd"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Argo CD installs the platform on the app cluster; local accounts are off, so there is no token to
# leak.
resource "azurerm_role_assignment" "argo_cd_on_cluster_shop" {
  name = uuidv5("url", join("|", [
    azurerm_resource_group.cluster_shop.id,
    azurerm_user_assigned_identity.argo_cd.principal_id,
    "Azure Kubernetes Service RBAC Cluster Admin",
  ]))

  scope                            = azurerm_resource_group.cluster_shop.id
  role_definition_name             = "Azure Kubernetes Service RBAC Cluster Admin"
  principal_id                     = azurerm_user_assigned_identity.argo_cd.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# What starts and stops the clusters.
resource "azurerm_user_assigned_identity" "keeper" {
  name                = "id-borealis-prod-keeper"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Starts and stops the cluster; no built-in role is smaller, so it could change and delete it too.
resource "azurerm_role_assignment" "keeper_on_cluster_mgmt" {
  name = uuidv5("url", join("|", [
    azurerm_resource_group.cluster_mgmt.id,
    azurerm_user_assigned_identity.keeper.principal_id,
    "Azure Kubernetes Service Contributor Role",
  ]))

  scope                            = azurerm_resource_group.cluster_mgmt.id
  role_definition_name             = "Azure Kubernetes Service Contributor Role"
  principal_id                     = azurerm_user_assigned_identity.keeper.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Starts and stops the cluster; no built-in role is smaller, so it could change and delete it too.
resource "azurerm_role_assignment" "keeper_on_cluster_shop" {
  name = uuidv5("url", join("|", [
    azurerm_resource_group.cluster_shop.id,
    azurerm_user_assigned_identity.keeper.principal_id,
    "Azure Kubernetes Service Contributor Role",
  ]))

  scope                            = azurerm_resource_group.cluster_shop.id
  role_definition_name             = "Azure Kubernetes Service Contributor Role"
  principal_id                     = azurerm_user_assigned_identity.keeper.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}
