# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

# Where the agents of managed Prometheus send what they scrape.
resource "azurerm_monitor_data_collection_endpoint" "metrics" {
  name                = "MSProm-swedencentral-aks-borealis-demo-mgmt"
  resource_group_name = local.resource_group_name
  location            = local.location
  kind                = "Linux"
  tags                = local.tags
}

resource "azurerm_monitor_data_collection_rule" "metrics" {
  name                        = "MSProm-swedencentral-aks-borealis-demo-mgmt"
  resource_group_name         = local.resource_group_name
  location                    = local.location
  kind                        = "Linux"
  tags                        = local.tags
  data_collection_endpoint_id = azurerm_monitor_data_collection_endpoint.metrics.id

  destinations {
    monitor_account {
      name               = "MonitoringAccount"
      monitor_account_id = "${local.foundation}/Microsoft.Monitor/accounts/amw-borealis-demo"
    }
  }

  data_flow {
    streams      = ["Microsoft-PrometheusMetrics"]
    destinations = ["MonitoringAccount"]
  }

  data_sources {
    prometheus_forwarder {
      name    = "PrometheusDataSource"
      streams = ["Microsoft-PrometheusMetrics"]
    }
  }
}

resource "azurerm_monitor_data_collection_rule_association" "metrics" {
  name                    = "MSProm-swedencentral-aks-borealis-demo-mgmt"
  target_resource_id      = azurerm_kubernetes_cluster.mgmt.id
  data_collection_rule_id = azurerm_monitor_data_collection_rule.metrics.id
}
