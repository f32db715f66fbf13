# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

mock_provider "azurerm" {}

variables {
  subscription_id    = "00000000-0000-0000-0000-000000000000"
  tenant_id          = "00000000-0000-0000-0000-000000000001"
  admin_group_ids    = ["00000000-0000-0000-0000-000000000002"]
  operator_ip_ranges = ["203.0.113.0/24"]
  alert_email        = "platform@example.com"
  budget_start       = "2026-01-01T00:00:00Z"
}

run "the_vault_answers_named_callers_alone" {
  command = plan

  assert {
    condition     = azurerm_key_vault.fleet.network_acls[0].default_action == "Deny" && azurerm_key_vault.fleet.network_acls[0].bypass == "None"
    error_message = "The vault answers callers that nobody named (C4)."
  }

  assert {
    condition     = azurerm_key_vault.fleet.rbac_authorization_enabled
    error_message = "Access policies decide who reads secrets, which no role assignment shows (ADR-A03)."
  }

  assert {
    condition     = azurerm_key_vault.fleet.network_acls[0].ip_rules == toset(var.operator_ip_ranges)
    error_message = "Others than the operators reach the vault."
  }
}
