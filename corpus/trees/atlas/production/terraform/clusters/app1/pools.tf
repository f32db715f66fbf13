# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

# Takes the load first.
resource "azurerm_kubernetes_cluster_node_pool" "spotd2sv3" {
  name                        = "spotd2sv3"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.app1.id
  mode                        = "User"
  temporary_name_for_rotation = "tspotd2sv3" # stands in while this one is rebuilt

  vm_size         = "Standard_D2s_v3"
  zones           = ["1", "2", "3"]
  vnet_subnet_id  = local.subnet_id
  max_pods        = 110 # each takes memory from the node, used or not
  os_disk_type    = "Ephemeral"
  os_disk_size_gb = 50 # what fits on the host, for free
  tags            = local.tags

  auto_scaling_enabled = true
  node_count           = 2 # to begin with
  min_count            = 0
  max_count            = 5

  # Surplus capacity, which Azure takes back at will (ADR-A01). Label and taint are AKS' own;
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

# Stands by: another size, for when the preferred one cannot be had.
resource "azurerm_kubernetes_cluster_node_pool" "spotd2dsv5" {
  name                        = "spotd2dsv5"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.app1.id
  mode                        = "User"
  temporary_name_for_rotation = "tspotd2dsv5" # stands in while this one is rebuilt

  vm_size         = "Standard_D2ds_v5"
  zones           = ["1", "2", "3"]
  vnet_subnet_id  = local.subnet_id
  max_pods        = 110 # each takes memory from the node, used or not
  os_disk_type    = "Ephemeral"
  os_disk_size_gb = 75 # what fits on the host, for free
  tags            = local.tags

  auto_scaling_enabled = true
  node_count           = 0 # to begin with
  min_count            = 0
  max_count            = 5

  # Surplus capacity, which Azure takes back at will (ADR-A01). Label and taint are AKS' own;
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

# On-Demand behind Spot: what Azure takes back must find a place (ADR-A01).
resource "azurerm_kubernetes_cluster_node_pool" "regd2sv3" {
  name                        = "regd2sv3"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.app1.id
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
  node_count           = 0 # to begin with
  min_count            = 0
  max_count            = 5

  upgrade_settings {
    max_surge = "33%" # new nodes at a time: what AKS advises for production
  }

  lifecycle {
    ignore_changes = [node_count] # the autoscaler sets it
  }
}
