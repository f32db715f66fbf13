# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

# Takes the load first.
resource "azurerm_kubernetes_cluster_node_pool" "regd2dsv5" {
  name                        = "regd2dsv5"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.mgmt.id
  mode                        = "User"
  temporary_name_for_rotation = "tregd2dsv5" # stands in while this one is rebuilt

  vm_size         = "Standard_D2ds_v5"
  vnet_subnet_id  = local.subnet_id
  max_pods        = 60 # each takes memory from the node, used or not
  os_disk_type    = "Ephemeral"
  os_disk_size_gb = 75 # what fits on the host, for free
  tags            = local.tags

  auto_scaling_enabled = true
  node_count           = 1 # to begin with
  min_count            = 1
  max_count            = 2

  upgrade_settings {
    max_surge = "1" # one new node before an old one goes
  }

  lifecycle {
    ignore_changes = [node_count] # the autoscaler sets it
  }
}
