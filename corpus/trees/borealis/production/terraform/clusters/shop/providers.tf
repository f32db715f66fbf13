# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

provider "azurerm" {
  subscription_id = var.subscription_id

  # The foundation has registered what the fleet needs.
  resource_provider_registrations = "none"

  features {
    # A create that fails halfway stays in the state, where the next run finds it.
    persist_id_on_create_before_polling_for_completion = true
  }
}
