# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

provider "azurerm" {
  subscription_id = var.subscription_id

  # A fresh subscription has none of these, and azurerm 5 registers nothing by itself.
  resource_provider_registrations = "none"
  resource_providers_to_register = [
    "Microsoft.AlertsManagement",
    "Microsoft.Compute",
    "Microsoft.ContainerInstance",
    "Microsoft.ContainerRegistry",
    "Microsoft.ContainerService",
    "Microsoft.Insights",
    "Microsoft.KeyVault",
    "Microsoft.ManagedIdentity",
    "Microsoft.Network",
    "Microsoft.OperationalInsights",
  ]

  features {
    # A create that fails halfway stays in the state, where the next run finds it.
    persist_id_on_create_before_polling_for_completion = true

    key_vault {
      # The vault holds the mesh CA: what is destroyed by mistake must come back.
      purge_soft_delete_on_destroy = false

      recover_soft_deleted_key_vaults = true
    }
  }
}
