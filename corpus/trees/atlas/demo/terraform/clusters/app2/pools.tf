# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

# Takes the load first.
resource "azurerm_kubernetes_cluster_node_pool" "spotd2sv3" {
  name                        = "spotd2sv3"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.app2.id
  mode                        = "User"
  temporary_name_for_rotation = "tspotd2sv3" # stands in while this one is rebuilt

  vm_size         = "Standard_D2s_v3"
  vnet_subnet_id  = local.subnet_id
  max_pods        = 60 # each takes memory from the node, used or not
  os_disk_type    = "Ephemeral"
  os_disk_size_gb = 50 # what fits on the host, for free
  tags            = local.tags

  auto_scaling_enabled = true
  node_count           = 2 # to begin with
  min_count            = 0
  max_count            = 5

  # Surplus capacity, which Azure takes back at will (C2, ADR-A01). Label and taint are AKS' own;
  # without them here every plan would drift.
  priority        = "Spot"
  eviction_policy = "Delete" # a stopped machine would count against the quota
  spot_max_price  = -1       # up to the on-demand price

  node_labels = {
    "kubernetes.azure.com/scalesetpriority" = "spot"
  }

  node_taints = ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]

  lifecycle {
    ignore_changes = [node_count] # the autoscaler sets it
  }
}
