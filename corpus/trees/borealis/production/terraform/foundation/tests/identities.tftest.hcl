# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

mock_provider "azurerm" {}

variables {
  subscription_id = "00000000-0000-0000-0000-000000000000"
  tenant_id       = "00000000-0000-0000-0000-000000000001"
  admin_group_ids = ["00000000-0000-0000-0000-000000000002"]
  alert_email     = "platform@example.com"
}

run "no_identity_administers_the_fleet" {
  command = plan

  assert {
    condition = length(setintersection(["Owner", "Contributor", "User Access Administrator"], [
      azurerm_role_assignment.mgmt_control_plane_on_subnet.role_definition_name,
      azurerm_role_assignment.mgmt_control_plane_on_mgmt_kubelet.role_definition_name,
      azurerm_role_assignment.mgmt_control_plane_on_public_ip.role_definition_name,
      azurerm_role_assignment.mgmt_kubelet_on_registry.role_definition_name,
      azurerm_role_assignment.mgmt_vault_reader_on_vault.role_definition_name,
      azurerm_role_assignment.shop_control_plane_on_subnet.role_definition_name,
      azurerm_role_assignment.shop_control_plane_on_shop_kubelet.role_definition_name,
      azurerm_role_assignment.shop_control_plane_on_public_ip.role_definition_name,
      azurerm_role_assignment.shop_kubelet_on_registry.role_definition_name,
      azurerm_role_assignment.shop_vault_reader_on_vault.role_definition_name,
      azurerm_role_assignment.argo_cd_on_cluster_shop.role_definition_name,
      azurerm_role_assignment.keeper_on_cluster_mgmt.role_definition_name,
      azurerm_role_assignment.keeper_on_cluster_shop.role_definition_name,
    ])) == 0

    error_message = "An identity may change more than what it is there for: each role ends at one cluster or one resource."
  }
}

run "the_registry_has_no_password" {
  command = plan

  assert {
    condition     = !azurerm_container_registry.fleet.admin_enabled
    error_message = "A password of the registry exists: whoever finds it pushes what all clusters run."
  }
}

run "an_admin_is_a_group_and_no_name" {
  command = plan

  variables {
    admin_group_ids = ["platform-team"]
  }

  expect_failures = [var.admin_group_ids]
}
