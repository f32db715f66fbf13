# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

terraform {
  # A state of its own: no apply of another root can break this one. `terraform init` takes the
  # storage account and container from -backend-config; without them it stops, rather than keep a
  # state locally.
  backend "azurerm" {
    key = "atlas/production/foundation.tfstate"

    # The state is reached as a person or a CI identity, by no storage key.
    use_azuread_auth = true
  }
}
