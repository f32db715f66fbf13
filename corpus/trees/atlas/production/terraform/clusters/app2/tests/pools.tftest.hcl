# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

mock_provider "azurerm" {}

variables {
  subscription_id     = "00000000-0000-0000-0000-000000000000"
  tenant_id           = "00000000-0000-0000-0000-000000000001"
  admin_group_ids     = ["00000000-0000-0000-0000-000000000002"]
  operator_ip_ranges  = ["203.0.113.0/24"]
  egress_ip_addresses = ["198.51.100.1"]

  kubelet_identity = {
    client_id = "00000000-0000-0000-0000-000000000003"
    object_id = "00000000-0000-0000-0000-000000000004"
  }
}

run "the_system_pool_is_kept_for_the_system" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster.app2.default_node_pool[0].only_critical_addons_enabled
    error_message = "Workloads may crowd out the pods that the cluster itself runs on."
  }
}

run "spot_pools_can_be_taken_back_at_any_time" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.spotd2sv3.priority == "Spot" && azurerm_kubernetes_cluster_node_pool.spotd2sv3.eviction_policy == "Delete"
    error_message = "spotd2sv3 is no Spot pool, or keeps machines that were taken back in the quota (ADR-A01)."
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.spotd2sv3.auto_scaling_enabled && azurerm_kubernetes_cluster_node_pool.spotd2sv3.min_count == 0
    error_message = "spotd2sv3 does not come back after an eviction, or may not stand at zero (ADR-A01)."
  }

  assert {
    condition     = contains(azurerm_kubernetes_cluster_node_pool.spotd2sv3.node_taints, "kubernetes.azure.com/scalesetpriority=spot:NoSchedule")
    error_message = "Pods that cannot bear an eviction may stand on spotd2sv3."
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.spotd2dsv5.priority == "Spot" && azurerm_kubernetes_cluster_node_pool.spotd2dsv5.eviction_policy == "Delete"
    error_message = "spotd2dsv5 is no Spot pool, or keeps machines that were taken back in the quota (ADR-A01)."
  }

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.spotd2dsv5.auto_scaling_enabled && azurerm_kubernetes_cluster_node_pool.spotd2dsv5.min_count == 0
    error_message = "spotd2dsv5 does not come back after an eviction, or may not stand at zero (ADR-A01)."
  }

  assert {
    condition     = contains(azurerm_kubernetes_cluster_node_pool.spotd2dsv5.node_taints, "kubernetes.azure.com/scalesetpriority=spot:NoSchedule")
    error_message = "Pods that cannot bear an eviction may stand on spotd2dsv5."
  }
}

run "on_demand_pools_are_never_taken_back" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.regd2sv3.priority != "Spot"
    error_message = "regd2sv3 is there for what Azure must not take back (ADR-A01)."
  }
}
