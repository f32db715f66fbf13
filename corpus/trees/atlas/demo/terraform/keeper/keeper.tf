# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

resource "azurerm_container_group" "keeper" {
  name                = "keeper-atlas-demo"
  resource_group_name = local.resource_group_name
  location            = local.location
  tags                = local.tags
  os_type             = "Linux"
  restart_policy      = "Always"
  ip_address_type     = "Private" # which nothing may call: its security group denies all
  subnet_ids          = [local.subnet_id]

  identity {
    type         = "UserAssigned"
    identity_ids = [local.identity_id]
  }

  container {
    name                  = "keeper"
    image                 = var.keeper_image
    cpu                   = 0.5
    memory                = 1
    environment_variables = local.environment

    ports {
      port     = 8080
      protocol = "TCP"
    }

    # A keeper that hangs would leave the fleet asleep on Monday morning.
    liveness_probe {
      http_get {
        path   = "/healthz"
        port   = 8080
        scheme = "http"
      }

      initial_delay_seconds = 30
      period_seconds        = 60
      failure_threshold     = 3
    }
  }
}
