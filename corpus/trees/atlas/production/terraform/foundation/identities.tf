# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

# Entra learns of a new identity late: `principal_type` and `skip_service_principal_aad_check` keep
# an assignment from looking it up too early.

# The `name` of an assignment is computed: Azure takes the same grant only once, and one that a lost
# state forgot is found by it.

# The control plane of mgmt.
resource "azurerm_user_assigned_identity" "mgmt_control_plane" {
  name                = "id-atlas-prod-mgmt"
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

# The nodes of mgmt.
resource "azurerm_user_assigned_identity" "mgmt_kubelet" {
  name                = "id-atlas-prod-mgmt-kubelet"
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
  name                = "id-atlas-prod-mgmt-secrets"
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

# The control plane of app1.
resource "azurerm_user_assigned_identity" "app1_control_plane" {
  name                = "id-atlas-prod-app1"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Joins nodes and internal load balancers to the subnet; a system-assigned identity could not be
# granted this before the cluster exists.
resource "azurerm_role_assignment" "app1_control_plane_on_subnet" {
  name = uuidv5("url", join("|", [
    azurerm_subnet.nodes_app1.id,
    azurerm_user_assigned_identity.app1_control_plane.principal_id,
    "Network Contributor",
  ]))

  scope                            = azurerm_subnet.nodes_app1.id
  role_definition_name             = "Network Contributor"
  principal_id                     = azurerm_user_assigned_identity.app1_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Assigns the kubelet identity to the nodes.
resource "azurerm_role_assignment" "app1_control_plane_on_app1_kubelet" {
  name = uuidv5("url", join("|", [
    azurerm_user_assigned_identity.app1_kubelet.id,
    azurerm_user_assigned_identity.app1_control_plane.principal_id,
    "Managed Identity Operator",
  ]))

  scope                            = azurerm_user_assigned_identity.app1_kubelet.id
  role_definition_name             = "Managed Identity Operator"
  principal_id                     = azurerm_user_assigned_identity.app1_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# The nodes of app1.
resource "azurerm_user_assigned_identity" "app1_kubelet" {
  name                = "id-atlas-prod-app1-kubelet"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Nodes pull images.
resource "azurerm_role_assignment" "app1_kubelet_on_registry" {
  name = uuidv5("url", join("|", [
    azurerm_container_registry.fleet.id,
    azurerm_user_assigned_identity.app1_kubelet.principal_id,
    "AcrPull",
  ]))

  scope                            = azurerm_container_registry.fleet.id
  role_definition_name             = "AcrPull"
  principal_id                     = azurerm_user_assigned_identity.app1_kubelet.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# What reads the vault on app1.
resource "azurerm_user_assigned_identity" "app1_vault_reader" {
  name                = "id-atlas-prod-app1-secrets"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Reads secrets, never writes them (ADR-A03).
resource "azurerm_role_assignment" "app1_vault_reader_on_vault" {
  name = uuidv5("url", join("|", [
    azurerm_key_vault.fleet.id,
    azurerm_user_assigned_identity.app1_vault_reader.principal_id,
    "Key Vault Secrets User",
  ]))

  scope                            = azurerm_key_vault.fleet.id
  role_definition_name             = "Key Vault Secrets User"
  principal_id                     = azurerm_user_assigned_identity.app1_vault_reader.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# The control plane of app2.
resource "azurerm_user_assigned_identity" "app2_control_plane" {
  name                = "id-atlas-prod-app2"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Joins nodes and internal load balancers to the subnet; a system-assigned identity could not be
# granted this before the cluster exists.
resource "azurerm_role_assignment" "app2_control_plane_on_subnet" {
  name = uuidv5("url", join("|", [
    azurerm_subnet.nodes_app2.id,
    azurerm_user_assigned_identity.app2_control_plane.principal_id,
    "Network Contributor",
  ]))

  scope                            = azurerm_subnet.nodes_app2.id
  role_definition_name             = "Network Contributor"
  principal_id                     = azurerm_user_assigned_identity.app2_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Assigns the kubelet identity to the nodes.
resource "azurerm_role_assignment" "app2_control_plane_on_app2_kubelet" {
  name = uuidv5("url", join("|", [
    azurerm_user_assigned_identity.app2_kubelet.id,
    azurerm_user_assigned_identity.app2_control_plane.principal_id,
    "Managed Identity Operator",
  ]))

  scope                            = azurerm_user_assigned_identity.app2_kubelet.id
  role_definition_name             = "Managed Identity Operator"
  principal_id                     = azurerm_user_assigned_identity.app2_control_plane.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# The nodes of app2.
resource "azurerm_user_assigned_identity" "app2_kubelet" {
  name                = "id-atlas-prod-app2-kubelet"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Nodes pull images.
resource "azurerm_role_assignment" "app2_kubelet_on_registry" {
  name = uuidv5("url", join("|", [
    azurerm_container_registry.fleet.id,
    azurerm_user_assigned_identity.app2_kubelet.principal_id,
    "AcrPull",
  ]))

  scope                            = azurerm_container_registry.fleet.id
  role_definition_name             = "AcrPull"
  principal_id                     = azurerm_user_assigned_identity.app2_kubelet.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# What reads the vault on app2.
resource "azurerm_user_assigned_identity" "app2_vault_reader" {
  name                = "id-atlas-prod-app2-secrets"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Reads secrets, never writes them (ADR-A03).
resource "azurerm_role_assignment" "app2_vault_reader_on_vault" {
  name = uuidv5("url", join("|", [
    azurerm_key_vault.fleet.id,
    azurerm_user_assigned_identity.app2_vault_reader.principal_id,
    "Key Vault Secrets User",
  ]))

  scope                            = azurerm_key_vault.fleet.id
  role_definition_name             = "Key Vault Secrets User"
  principal_id                     = azurerm_user_assigned_identity.app2_vault_reader.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Argo CD on mgmt.
resource "azurerm_user_assigned_identity" "argo_cd" {
  name                = "id-atlas-prod-argocd"
  resource_group_name = azurerm_resource_group.fleet.name
  location            = azurerm_resource_group.fleet.location
  tags                = local.tags
}

# Argo CD installs the platform on the app cluster; local accounts are off, so there is no token to
# leak.
resource "azurerm_role_assignment" "argo_cd_on_cluster_app1" {
  name = uuidv5("url", join("|", [
    azurerm_resource_group.cluster_app1.id,
    azurerm_user_assigned_identity.argo_cd.principal_id,
    "Azure Kubernetes Service RBAC Cluster Admin",
  ]))

  scope                            = azurerm_resource_group.cluster_app1.id
  role_definition_name             = "Azure Kubernetes Service RBAC Cluster Admin"
  principal_id                     = azurerm_user_assigned_identity.argo_cd.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}

# Argo CD installs the platform on the app cluster; local accounts are off, so there is no token to
# leak.
resource "azurerm_role_assignment" "argo_cd_on_cluster_app2" {
  name = uuidv5("url", join("|", [
    azurerm_resource_group.cluster_app2.id,
    azurerm_user_assigned_identity.argo_cd.principal_id,
    "Azure Kubernetes Service RBAC Cluster Admin",
  ]))

  scope                            = azurerm_resource_group.cluster_app2.id
  role_definition_name             = "Azure Kubernetes Service RBAC Cluster Admin"
  principal_id                     = azurerm_user_assigned_identity.argo_cd.principal_id
  principal_type                   = "ServicePrincipal"
  skip_service_principal_aad_check = true
}
