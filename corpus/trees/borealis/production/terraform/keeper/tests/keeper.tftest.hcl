# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

mock_provider "azurerm" {}

variables {
  subscription_id    = "00000000-0000-0000-0000-000000000000"
  tenant_id          = "00000000-0000-0000-0000-000000000001"
  identity_client_id = "00000000-0000-0000-0000-000000000005"
  keeper_image       = "registry.example/bulkhead:1.0.0"
}

run "the_keeper_acts_as_its_identity_and_holds_no_secret" {
  command = plan

  assert {
    condition     = azurerm_container_app_job.keeper.identity[0].type == "UserAssigned"
    error_message = "The keeper has no identity, so it would need a secret to reach Azure (C4)."
  }

  assert {
    condition     = length(azurerm_container_app_job.keeper.secret) == 0
    error_message = "A secret of the keeper stands in the state of Terraform (C4)."
  }

  assert {
    condition     = azurerm_container_app_environment.keeper.internal_load_balancer_enabled
    error_message = "What may stop every cluster has a public address."
  }
}

run "an_image_without_a_tag_is_refused" {
  command = plan

  variables {
    keeper_image = "registry.example/bulkhead"
  }

  expect_failures = [var.keeper_image]
}
