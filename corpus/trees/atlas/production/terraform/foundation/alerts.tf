# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_monitor_action_group" "fleet" {
  name                = "ag-atlas-prod"
  resource_group_name = azurerm_resource_group.fleet.name
  short_name          = "atlas"
  tags                = local.tags

  email_receiver {
    name                    = "platform"
    email_address           = var.alert_email
    use_common_alert_schema = true
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "log_cap_reached" {
  name                    = "alert-atlas-prod-log-cap-reached"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "The daily log cap is reached: until the reset hour every other log alert is blind."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT5M"
  window_duration         = "PT5M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks the tables until the first cluster writes to them.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      _LogOperation
      | where Category =~ "Ingestion"
      | where Detail contains "OverQuota"
    EOT

    operator                = "GreaterThan"
    threshold               = 0
    time_aggregation_method = "Count"
  }

  action {
    action_groups = [azurerm_monitor_action_group.fleet.id]
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "log_cap_80_percent" {
  name                    = "alert-atlas-prod-log-cap-80-percent"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "Billable logs of the last day are above 80 % of the daily cap."
  severity                = 3
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT1H"
  window_duration         = "P1D"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks the tables until the first cluster writes to them.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      Usage
      | where TimeGenerated > ago(24h) and IsBillable
      | summarize GB = sum(Quantity) / 1000
      | where GB > 4
    EOT

    operator                = "GreaterThan"
    threshold               = 0
    time_aggregation_method = "Count"
  }

  action {
    action_groups = [azurerm_monitor_action_group.fleet.id]
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "node_not_ready" {
  name                    = "alert-atlas-prod-node-not-ready"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "A node has not reported Ready. Status lists the true conditions, so NotReady never appears."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT5M"
  window_duration         = "PT15M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks the tables until the first cluster writes to them.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      KubeNodeInventory
      | where TimeGenerated > ago(15m)
      | summarize arg_max(TimeGenerated, Status) by Computer, ClusterName
      | where isempty(Status) or Status !has "Ready"
    EOT

    operator                = "GreaterThan"
    threshold               = 0
    time_aggregation_method = "Count"

    # An alert for each cluster: one that fires must not hide another.
    dimension {
      name     = "ClusterName"
      operator = "Include"
      values   = ["*"]
    }
  }

  action {
    action_groups = [azurerm_monitor_action_group.fleet.id]
  }
}

resource "azurerm_monitor_scheduled_query_rules_alert_v2" "spot_preempt_burst" {
  name                    = "alert-atlas-prod-spot-preempt-burst"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "Azure is taking Spot nodes back: three or more notices in a quarter of an hour."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT5M"
  window_duration         = "PT15M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks the tables until the first cluster writes to them.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      KubeEvents
      | where Reason == "PreemptScheduled"
      | summarize Nodes = dcount(Computer) by ClusterName
      | where Nodes >= 3
    EOT

    operator                = "GreaterThan"
    threshold               = 0
    time_aggregation_method = "Count"

    # An alert for each cluster: one that fires must not hide another.
    dimension {
      name     = "ClusterName"
      operator = "Include"
      values   = ["*"]
    }
  }

  action {
    action_groups = [azurerm_monitor_action_group.fleet.id]
  }
}
