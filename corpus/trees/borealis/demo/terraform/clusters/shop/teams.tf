# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

# Team sales: lets the team fetch a kubeconfig; no right inside the cluster.
resource "azurerm_role_assignment" "team_sales_on_cluster" {
  name = uuidv5("url", join("|", [
    azurerm_kubernetes_cluster.shop.id,
    var.team_group_ids["sales"],
    "Azure Kubernetes Service Cluster User Role",
  ]))

  scope                = azurerm_kubernetes_cluster.shop.id
  role_definition_name = "Azure Kubernetes Service Cluster User Role"
  principal_id         = var.team_group_ids["sales"]
  principal_type       = "Group"
}

# Team sales: it works in these namespaces and in no other.
resource "azurerm_role_assignment" "team_sales_in_namespaces" {
  for_each = toset(["cart", "sales-lab"])

  name = uuidv5("url", join("|", [
    "${azurerm_kubernetes_cluster.shop.id}/namespaces/${each.value}",
    var.team_group_ids["sales"],
    "Azure Kubernetes Service RBAC Writer",
  ]))

  scope                = "${azurerm_kubernetes_cluster.shop.id}/namespaces/${each.value}"
  role_definition_name = "Azure Kubernetes Service RBAC Writer"
  principal_id         = var.team_group_ids["sales"]
  principal_type       = "Group"
}
