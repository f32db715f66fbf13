# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

# Admins may read the kubeconfig, which holds no credential: Entra still asks who they are.
resource "azurerm_role_assignment" "admins" {
  for_each = toset(var.admin_group_ids)

  name = uuidv5("url", join("|", [
    azurerm_kubernetes_cluster.mgmt.id,
    each.value,
    "Azure Kubernetes Service Cluster User Role",
  ]))

  scope                = azurerm_kubernetes_cluster.mgmt.id
  role_definition_name = "Azure Kubernetes Service Cluster User Role"
  principal_id         = each.value
  principal_type       = "Group"
}
