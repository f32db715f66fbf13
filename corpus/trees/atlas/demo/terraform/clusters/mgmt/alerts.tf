# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

# Azure's own view of the control plane, which is free. Degraded would tell of every Spot node that
# goes. Source: learn.microsoft.com, service-health/resource-health-checks-resource-types.
resource "azurerm_monitor_activity_log_alert" "cluster_unavailable" {
  name                = "alert-atlas-demo-clusters-cluster-unavailable-mgmt"
  resource_group_name = local.resource_group_name
  location            = "global" # where the activity log is
  tags                = local.tags
  description         = "Azure says that the cluster is unavailable: its API server or its core services do not answer."
  scopes              = [azurerm_kubernetes_cluster.mgmt.id]

  criteria {
    category    = "ResourceHealth"
    resource_id = azurerm_kubernetes_cluster.mgmt.id

    # Not UserInitiated: whoever stops a cluster knows.
    resource_health {
      current = ["Unavailable"]
      reason  = ["PlatformInitiated", "Unknown"]
    }
  }

  action {
    action_group_id = "${local.foundation}/Microsoft.Insights/actionGroups/ag-atlas-demo"
  }
}
