# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

locals {
  location = "swedencentral"

  tags = {
    fleet       = "borealis"
    environment = "production"
    managed-by  = "bulkhead"
  }

  # Vault and registry names are global: this makes them ours, and the same ones after a rebuild.
  suffix = substr(sha256("${var.subscription_id}/borealis/production"), 0, 6)
}
