# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_kubernetes_cluster" "mgmt" {
  name                = "aks-borealis-prod-mgmt"
  resource_group_name = local.resource_group_name
  location            = local.location
  node_resource_group = "rg-borealis-prod-mgmt-nodes"
  dns_prefix          = "borealis-prod-mgmt"
  tags                = local.tags

  # AKS picks the patch. Spot pools are upgraded without a drain (ADR-A01).
  kubernetes_version = "1.35"

  automatic_upgrade_channel = "patch"
  node_os_upgrade_channel   = "NodeImage"
  sku_tier                  = "Standard"

  # No static admin credential exists: people, CI and Argo CD come by Entra (C4).
  local_account_disabled = true

  # ServiceAccounts act as identities without a secret (ADR-A03).
  oidc_issuer_enabled       = true
  workload_identity_enabled = true

  # A second way in, through ARM and past the address list below.
  run_command_enabled = false

  azure_active_directory_role_based_access_control {
    azure_rbac_enabled     = true
    tenant_id              = var.tenant_id
    admin_group_object_ids = var.admin_group_ids
  }

  # Security groups do not filter the API server. The fleet's own addresses are those of nodes and
  # of Argo CD.
  api_server_access_profile {
    authorized_ip_ranges = concat([for ip in var.egress_ip_addresses : "${ip}/32"], var.operator_ip_ranges)
  }

  # Made in the foundation: it has its rights on the subnet before the cluster joins it.
  identity {
    type         = "UserAssigned"
    identity_ids = ["${local.identities}/id-borealis-prod-mgmt"]
  }

  # As whom the nodes pull images; it may read the registry and nothing else.
  kubelet_identity {
    user_assigned_identity_id = "${local.identities}/id-borealis-prod-mgmt-kubelet"
    client_id                 = var.kubelet_identity.client_id
    object_id                 = var.kubelet_identity.object_id
  }

  # Pools are declared: which nodes are Spot is decided in the fleet file (ADR-A01).
  node_provisioning_profile {
    mode = "Manual"
  }

  # AKS wants a system pool in every cluster, and takes no Spot there (ADR-A01).
  default_node_pool {
    name                        = "system"
    temporary_name_for_rotation = "systemtmp" # stands in while this one is rebuilt

    vm_size         = "Standard_D4s_v3"
    zones           = ["1", "2", "3"]
    vnet_subnet_id  = local.subnet_id
    max_pods        = 110 # each takes memory from the node, used or not
    os_disk_type    = "Ephemeral"
    os_disk_size_gb = 100 # what fits on the host, for free
    tags            = local.tags

    node_count = 3

    only_critical_addons_enabled = true # workloads go to the user pools

    upgrade_settings {
      max_surge = "1" # one new node before an old one goes
    }
  }

  network_profile {
    # Azure's own Cilium: eBPF and policies, no Cluster Mesh (ADR-A02).
    network_plugin      = "azure"
    network_plugin_mode = "overlay"
    network_data_plane  = "cilium"
    network_policy      = "cilium"

    pod_cidr       = "10.201.0.0/16"
    service_cidr   = "172.20.0.0/16"
    dns_service_ip = "172.20.0.10"

    load_balancer_sku = "standard"
    outbound_type     = "loadBalancer"

    load_balancer_profile {
      outbound_ip_address_ids = [local.outbound_ip_id]
    }
  }

  auto_scaler_profile {
    expander = "least-waste"

    # The autoscaler knows no zones: level pools lose least with one.
    balance_similar_node_groups = true

    # An emptyDir must not keep a node: what it holds is lost with any Spot node anyway (ADR-A01).
    skip_nodes_with_local_storage = false
  }

  # Container Insights, by identity; logs.tf says what it collects.
  oms_agent {
    log_analytics_workspace_id      = local.log_workspace_id
    msi_auth_for_monitoring_enabled = true
  }

  # Managed Prometheus.
  monitor_metrics {}

  # At night in Sweden Central (Europe/Stockholm), spread over the days by cluster, mgmt last: an
  # upgrade that fails stays in one cluster.
  maintenance_window_auto_upgrade {
    frequency   = "Weekly"
    interval    = 1
    day_of_week = "Sunday"
    start_time  = "00:00"
    utc_offset  = "+01:00"
    duration    = 4
  }

  maintenance_window_node_os {
    frequency   = "Weekly"
    interval    = 1
    day_of_week = "Sunday"
    start_time  = "04:00"
    utc_offset  = "+01:00"
    duration    = 4
  }
}
