# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

# Takes the load first.
resource "azurerm_kubernetes_cluster_node_pool" "regd2sv3" {
  name                        = "regd2sv3"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.mgmt.id
  mode                        = "User"
  temporary_name_for_rotation = "tregd2sv3" # stands in while this one is rebuilt

  vm_size         = "Standard_D2s_v3"
  zones           = ["1", "2", "3"]
  vnet_subnet_id  = local.subnet_id
  max_pods        = 110 # each takes memory from the node, used or not
  os_disk_type    = "Ephemeral"
  os_disk_size_gb = 50 # what fits on the host, for free
  tags            = local.tags

  auto_scaling_enabled = true
  node_count           = 1 # to begin with
  min_count            = 1
  max_count            = 3

  upgrade_settings {
    max_surge = "33%" # new nodes at a time: what AKS advises for production
  }

  lifecycle {
    ignore_changes = [node_count] # the autoscaler sets it
  }
}
