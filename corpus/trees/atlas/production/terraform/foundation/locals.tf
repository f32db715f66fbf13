# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

locals {
  location = "koreacentral"

  tags = {
    fleet       = "atlas"
    environment = "production"
    managed-by  = "bulkhead"
  }

  # Vault and registry names are global: this makes them ours, and the same ones after a rebuild.
  suffix = substr(sha256("${var.subscription_id}/atlas/production"), 0, 6)
}
