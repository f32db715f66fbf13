# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_container_app_environment" "keeper" {
  name                           = "cae-borealis-prod"
  resource_group_name            = local.resource_group_name
  location                       = local.location
  tags                           = local.tags
  infrastructure_subnet_id       = local.subnet_id
  internal_load_balancer_enabled = true
  logs_destination               = "azure-monitor" # the other destination takes a workspace key

  # A delegated subnet takes environments with workload profiles only; this one bills by the second.
  workload_profile {
    name                  = "Consumption"
    workload_profile_type = "Consumption"
  }
}

resource "azurerm_container_app_job" "keeper" {
  name                         = "keeper-borealis-prod"
  resource_group_name          = local.resource_group_name
  location                     = local.location
  tags                         = local.tags
  container_app_environment_id = azurerm_container_app_environment.keeper.id
  workload_profile_name        = "Consumption"
  replica_timeout_in_seconds   = 840 # ends before the next run begins
  replica_retry_limit          = 0   # the next run is the retry

  identity {
    type         = "UserAssigned"
    identity_ids = [local.identity_id]
  }

  schedule_trigger_config {
    cron_expression          = "*/15 * * * *" # UTC; the job itself knows the time zone
    parallelism              = 1
    replica_completion_count = 1
  }

  template {
    container {
      name   = "keeper"
      image  = var.keeper_image
      cpu    = 0.25
      memory = "0.5Gi"

      dynamic "env" {
        for_each = local.environment

        content {
          name  = env.key
          value = env.value
        }
      }
    }
  }
}
