# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

# The least that the alerts need, every five minutes: each GB is billed, and metrics come from
# Prometheus.
resource "azurerm_monitor_data_collection_rule" "logs" {
  name                = "MSCI-koreacentral-aks-atlas-prod-mgmt"
  resource_group_name = local.resource_group_name
  location            = local.location # that of the workspace
  tags                = local.tags

  destinations {
    log_analytics {
      name                  = "ciworkspace"
      workspace_resource_id = local.log_workspace_id
    }
  }

  data_flow {
    streams = [
      "Microsoft-ContainerLogV2",
      "Microsoft-KubeEvents",
      "Microsoft-KubePodInventory",
      "Microsoft-KubeNodeInventory",
    ]

    destinations = ["ciworkspace"]
  }

  data_sources {
    extension {
      name           = "ContainerInsightsExtension"
      extension_name = "ContainerInsights"

      streams = [
        "Microsoft-ContainerLogV2",
        "Microsoft-KubeEvents",
        "Microsoft-KubePodInventory",
        "Microsoft-KubeNodeInventory",
      ]

      extension_json = jsonencode({
        dataCollectionSettings = {
          interval               = "5m"
          namespaceFilteringMode = "Off"
          enableContainerLogV2   = true
        }
      })
    }
  }
}

resource "azurerm_monitor_data_collection_rule_association" "logs" {
  name                    = "ContainerInsightsExtension" # under any other name it is accepted, and no data flows
  target_resource_id      = azurerm_kubernetes_cluster.mgmt.id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.logs.id
}

# Changes, never reads: kube-audit alone would fill the daily cap.
resource "azurerm_monitor_diagnostic_setting" "control_plane" {
  name                           = "control-plane"
  target_resource_id             = azurerm_kubernetes_cluster.mgmt.id
  log_analytics_workspace_id     = local.log_workspace_id
  log_analytics_destination_type = "Dedicated" # a table for each category

  enabled_log {
    category = "kube-audit-admin"
  }

  enabled_log {
    category = "cluster-autoscaler"
  }

  enabled_log {
    category = "guard"
  }
}
