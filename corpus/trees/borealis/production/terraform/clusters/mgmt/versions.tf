# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

terraform {
  required_version = ">= 1.11"

  required_providers {
    azurerm = {
      source  = "hashicorp/azurerm"
      version = "~> 5.0"
    }
  }
}

provider "azurerm" {
  subscription_id = var.subscription_id

  # The foundation has registered what the fleet needs.
  resource_provider_registrations = "none"

  features {
    # A create that fails halfway stays in the state, where the next run finds it.
    persist_id_on_create_before_polling_for_completion = true
  }
}
