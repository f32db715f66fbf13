# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

resource "azurerm_monitor_action_group" "fleet" {
  name                = "ag-atlas-demo"
  resource_group_name = azurerm_resource_group.fleet.name
  short_name          = "atlas"
  tags                = local.tags

  email_receiver {
    name                    = "platform"
    email_address           = var.alert_email
    use_common_alert_schema = true
  }
}

# The table of the workspace itself is written even then. Source: learn.microsoft.com,
# azure-monitor/logs/daily-cap and monitor-workspace.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "log_cap_reached" {
  name                    = "alert-atlas-demo-fleet-log-cap-reached"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "The daily log cap is reached: until the reset hour nothing is collected, and every other log alert is blind."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT15M"
  window_duration         = "PT30M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
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

# Usage is written once an hour, so that more frequent looks would see nothing new. Source:
# learn.microsoft.com, azure-monitor/reference/tables/usage.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "log_cap_80_percent" {
  name                    = "alert-atlas-demo-fleet-log-cap-80-percent"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "Billable logs of the last day are above 80 % of the daily cap."
  severity                = 3
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT1H"
  window_duration         = "P1D"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      Usage
      | where IsBillable
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

# The agent asks the API server for the nodes every five minutes: without the one there are no
# records of the other. AKS measures the load of API servers, not whether they answer. An alert that
# fires at night stays fired and tells nobody in the morning, so that the query itself knows the
# hours. Source: learn.microsoft.com, aks/monitor-aks-reference and
# azure-monitor/alerts/alerts-processing-rules.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "cluster_silent" {
  name                    = "alert-atlas-demo-clusters-cluster-silent"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "No record of a cluster for half an hour: its API server is down, it did not wake, its agent cannot send, or the log cap is reached."
  severity                = 1
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT15M"
  window_duration         = "PT30M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      let Local = datetime_utc_to_local(now(), "Asia/Seoul");
      let Clock = Local - startofday(Local);
      KubeNodeInventory
      | summarize Seen = make_set(ClusterName)
      | extend Missing = set_difference(dynamic(["aks-atlas-demo-mgmt", "aks-atlas-demo-app1", "aks-atlas-demo-app2"]), Seen)
      | mv-expand ClusterName = Missing to typeof(string)
      | project ClusterName
      | where dayofweek(Local) in (1d, 2d, 3d, 4d, 5d) and Clock >= time(08:45:00) and Clock < time(20:00:00)
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

# Status lists the conditions that are true, so that NotReady never appears in it. Source:
# github.com/microsoft/Docker-Provider, in_kube_nodes.rb.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "node_not_ready" {
  name                    = "alert-atlas-demo-clusters-node-not-ready"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "A node has not been ready for 5 minutes or more, and is still there."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT5M"
  window_duration         = "PT15M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      KubeNodeInventory
      | summarize arg_max(TimeGenerated, Status, LastTransitionTimeReady) by ClusterName, Computer
      | where isempty(Status) or Status !has "Ready"
      | where isnull(LastTransitionTimeReady) or TimeGenerated - LastTransitionTimeReady >= 5m
      | project ClusterName, Computer
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

# On Spot without a fallback, a shortage shows as Pending pods and nowhere else (C2). Source:
# github.com/microsoft/Docker-Provider, in_kube_podinventory.rb: pods without a node are reported
# too.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "pods_pending" {
  name                    = "alert-atlas-demo-clusters-pods-pending"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "Pods have been Pending for more than 10 minutes: no node takes them, or they do not start."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT5M"
  window_duration         = "PT15M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      KubePodInventory
      | summarize arg_max(TimeGenerated, PodStatus, PodCreationTimeStamp) by ClusterName, Namespace, Name, PodUid
      | where PodStatus == "Pending" and TimeGenerated - PodCreationTimeStamp > 10m
      | project ClusterName, Namespace, Name
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

# A notice shows as an event of its own and as the message of a condition. A new node whose metadata
# service does not answer yet reports the former too, wrongly. Source: learn.microsoft.com,
# aks/node-problem-detector; events recorded in
# github.com/maksim-paskal/aks-node-termination-handler, issue 98.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "spot_preempt_burst" {
  name                    = "alert-atlas-demo-clusters-spot-preempt-burst"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "Azure is taking Spot nodes back: 3 or more of one cluster within 30 minutes."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT5M"
  window_duration         = "PT30M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      KubeEvents
      | where ObjectKind == "Node"
      | where (Reason == "PreemptScheduled" and Message !has "IMDS query failed")
          or (Reason == "VMEventScheduled" and Message has "Preempt Scheduled")
      | distinct ClusterName, Name
    EOT

    operator                = "GreaterThan"
    threshold               = 2
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

# Each recurrence of an event is a record with a higher count, but under the time of the first:
# LastSeen tells whether it goes on. A single failure is retried at once. Source:
# github.com/external-secrets/external-secrets v2.9.0, externalsecret_controller.go;
# github.com/microsoft/Docker-Provider, in_kube_events.rb.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "secrets_not_synced" {
  name                      = "alert-atlas-demo-clusters-secrets-not-synced"
  resource_group_name       = azurerm_resource_group.fleet.name
  location                  = azurerm_resource_group.fleet.location
  tags                      = local.tags
  description               = "A secret does not come from Key Vault, more than once: what is there stays as it was (C5)."
  severity                  = 2
  scopes                    = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency      = "PT15M"
  window_duration           = "PT30M"
  query_time_range_override = "P1D" # the query itself keeps to the window
  auto_mitigation_enabled   = true  # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      KubeEvents
      | where LastSeen > ago(30m)
      | where ObjectKind in ("ExternalSecret", "SecretStore", "ClusterSecretStore")
      | where Reason in ("UpdateFailed", "InvalidProviderConfig")
      | summarize Failures = sum(Count) by ClusterName, ObjectKind, Namespace, Name
      | where Failures > 1
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

# A peer that is lost for another reason shows in the metrics of Cilium alone. Its own lines are not
# collected: Container Insights leaves kube-system out. Source:
# github.com/microsoft/Docker-Provider, tomlparser.rb and in_kube_podinventory.rb; Cilium chart
# 1.20.0.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "mesh_endpoint_down" {
  name                    = "alert-atlas-demo-clusters-mesh-endpoint-down"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "The mesh endpoint of a cluster does not run: its peers keep what they know of it, and learn nothing new."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT15M"
  window_duration         = "PT15M"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      KubePodInventory
      | where ClusterName in ("aks-atlas-demo-mgmt", "aks-atlas-demo-app1", "aks-atlas-demo-app2")
      | extend IsEndpoint = Namespace == "kube-system" and Name startswith "clustermesh-apiserver"
      | summarize NotRunning = countif(PodStatus != "Running" or ContainerStatus == "waiting")
          by ClusterName, TimeGenerated, PodUid, IsEndpoint
      | summarize Serving = countif(IsEndpoint and NotRunning == 0) by ClusterName, TimeGenerated
      | summarize Serving = max(Serving) by ClusterName
      | where Serving == 0
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

# A count over no records is a row that says zero: the silence is what fires. Source:
# learn.microsoft.com, azure-monitor/reference/tables/containerinstancelog.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "keeper_missed_a_tick" {
  name                    = "alert-atlas-demo-fleet-keeper-missed-a-tick"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "The keeper has written nothing for an hour: nobody wakes the fleet or puts it to sleep."
  severity                = 2
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT15M"
  window_duration         = "PT1H"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      ContainerInstanceLog
      | where ContainerGroup == "keeper-atlas-demo"
      | summarize Lines = count()
      | where Lines == 0
    EOT

    operator                = "GreaterThan"
    threshold               = 0
    time_aggregation_method = "Count"
  }

  action {
    action_groups = [azurerm_monitor_action_group.fleet.id]
  }
}

# What a missed tick costs, whatever it was that missed it. Source: learn.microsoft.com,
# kusto/query/datetime-utc-to-local-function.
resource "azurerm_monitor_scheduled_query_rules_alert_v2" "awake_off_hours" {
  name                    = "alert-atlas-demo-fleet-awake-off-hours"
  resource_group_name     = azurerm_resource_group.fleet.name
  location                = azurerm_resource_group.fleet.location
  tags                    = local.tags
  description             = "A cluster has not gone to sleep, an hour after the schedule says so: it is billed all night."
  severity                = 3
  scopes                  = [azurerm_log_analytics_workspace.fleet.id]
  evaluation_frequency    = "PT1H"
  window_duration         = "PT1H"
  auto_mitigation_enabled = true # resolves itself

  # A new workspace lacks a table until something writes to it.
  skip_query_validation = true

  criteria {
    query = <<-EOT
      let Local = datetime_utc_to_local(now(), "Asia/Seoul");
      let Clock = Local - startofday(Local);
      let Local60 = datetime_utc_to_local(ago(60m), "Asia/Seoul");
      let Clock60 = Local60 - startofday(Local60);
      KubeNodeInventory
      | where TimeGenerated > ago(15m)
      | where not(dayofweek(Local) in (1d, 2d, 3d, 4d, 5d) and Clock >= time(08:00:00) and Clock < time(20:00:00))
      | where not(dayofweek(Local60) in (1d, 2d, 3d, 4d, 5d) and Clock60 >= time(08:00:00) and Clock60 < time(20:00:00))
      | distinct ClusterName
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

# Not 100: operations that run long are counted as failures, and a fleet asks seldom. Source:
# learn.microsoft.com, key-vault/general/alert.
resource "azurerm_monitor_metric_alert" "vault_unavailable" {
  name                = "alert-atlas-demo-fleet-vault-unavailable"
  resource_group_name = azurerm_resource_group.fleet.name
  tags                = local.tags
  description         = "Key Vault fails one request in ten or more: existing secrets stay (C5), but no new or changed one arrives."
  severity            = 2
  scopes              = [azurerm_key_vault.fleet.id]
  frequency           = "PT5M"
  window_size         = "PT15M"

  criteria {
    metric_namespace = "Microsoft.KeyVault/vaults"
    metric_name      = "Availability"
    aggregation      = "Average"
    operator         = "LessThan"
    threshold        = 90
  }

  action {
    action_group_id = azurerm_monitor_action_group.fleet.id
  }
}

# A cluster that stops or starts looks like one that fails. The end leaves time to wake; what is
# still wrong then is told by cluster-silent, which knows the hours by itself.
resource "azurerm_monitor_alert_processing_rule_suppression" "off_hours" {
  name                = "quiet-atlas-demo-off-hours"
  resource_group_name = azurerm_resource_group.fleet.name
  tags                = local.tags
  description         = "Rules over clusters tell nobody outside Mon-Fri 08:00-20:00."

  scopes = [
    azurerm_resource_group.fleet.id,
    azurerm_resource_group.cluster_mgmt.id,
    azurerm_resource_group.cluster_app1.id,
    azurerm_resource_group.cluster_app2.id,
  ]

  condition {
    alert_rule_name {
      operator = "Contains"
      values   = ["alert-atlas-demo-clusters-"]
    }
  }

  schedule {
    time_zone = "Korea Standard Time" # Asia/Seoul, as Windows calls it

    recurrence {
      daily {
        start_time = "20:00:00"
        end_time   = "08:45:00"
      }

      weekly {
        days_of_week = ["Saturday", "Sunday"]
      }
    }
  }
}
