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
    condition     = azurerm_kubernetes_cluster.mgmt.default_node_pool[0].only_critical_addons_enabled
    error_message = "Workloads may crowd out the pods that the cluster itself runs on."
  }
}

run "on_demand_pools_are_never_taken_back" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster_node_pool.regd2sv3.priority != "Spot"
    error_message = "regd2sv3 is there for what Azure must not take back (ADR-A01)."
  }
}
