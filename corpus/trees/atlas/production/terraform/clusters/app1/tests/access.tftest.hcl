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

run "everybody_comes_by_entra" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster.app1.local_account_disabled
    error_message = "A static credential exists that opens the whole cluster and never ends (C4)."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.app1.azure_active_directory_role_based_access_control[0].azure_rbac_enabled
    error_message = "Roles of Azure decide nothing inside the cluster."
  }

  assert {
    condition     = azurerm_kubernetes_cluster.app1.oidc_issuer_enabled && azurerm_kubernetes_cluster.app1.workload_identity_enabled
    error_message = "ServiceAccounts cannot act as identities: whatever reads the vault needs a secret then (C4)."
  }

  assert {
    condition     = !azurerm_kubernetes_cluster.app1.run_command_enabled
    error_message = "Commands reach the cluster through ARM, past every other door."
  }
}

run "the_api_server_admits_the_fleet_and_its_operators_alone" {
  command = plan

  assert {
    condition     = azurerm_kubernetes_cluster.app1.api_server_access_profile[0].authorized_ip_ranges == toset(["198.51.100.1/32", "203.0.113.0/24"])
    error_message = "Others than the addresses of the fleet and of its operators reach the API server."
  }
}

run "no_addresses_at_all_are_refused" {
  command = plan

  variables {
    egress_ip_addresses = []
  }

  expect_failures = [var.egress_ip_addresses]
}

run "everybody_is_no_operator" {
  command = plan

  variables {
    operator_ip_ranges = ["0.0.0.0/0"]
  }

  expect_failures = [var.operator_ip_ranges]
}
