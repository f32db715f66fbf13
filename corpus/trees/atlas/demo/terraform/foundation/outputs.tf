# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

output "cluster_inputs" {
  description = "By cluster: the content of clusters/<name>/foundation.auto.tfvars.json."

  value = {
    mgmt = {
      egress_ip_addresses = [azurerm_public_ip.nat.ip_address]
      kubelet_identity = {
        client_id = azurerm_user_assigned_identity.mgmt_kubelet.client_id
        object_id = azurerm_user_assigned_identity.mgmt_kubelet.principal_id
      }
    }
    app1 = {
      egress_ip_addresses = [azurerm_public_ip.nat.ip_address]
      kubelet_identity = {
        client_id = azurerm_user_assigned_identity.app1_kubelet.client_id
        object_id = azurerm_user_assigned_identity.app1_kubelet.principal_id
      }
    }
    app2 = {
      egress_ip_addresses = [azurerm_public_ip.nat.ip_address]
      kubelet_identity = {
        client_id = azurerm_user_assigned_identity.app2_kubelet.client_id
        object_id = azurerm_user_assigned_identity.app2_kubelet.principal_id
      }
    }
  }

  # No cluster begins before its subnet is guarded, has a way out, and its identities have their
  # rights: without this file its root cannot be planned.
  depends_on = [
    azurerm_subnet_network_security_group_association.nodes_mgmt,
    azurerm_subnet_network_security_group_association.nodes_app1,
    azurerm_subnet_network_security_group_association.nodes_app2,
    azurerm_subnet_nat_gateway_association.nodes_mgmt,
    azurerm_subnet_nat_gateway_association.nodes_app1,
    azurerm_subnet_nat_gateway_association.nodes_app2,
    azurerm_role_assignment.mgmt_control_plane_on_subnet,
    azurerm_role_assignment.mgmt_control_plane_on_mgmt_kubelet,
    azurerm_role_assignment.mgmt_kubelet_on_registry,
    azurerm_role_assignment.app1_control_plane_on_subnet,
    azurerm_role_assignment.app1_control_plane_on_app1_kubelet,
    azurerm_role_assignment.app1_kubelet_on_registry,
    azurerm_role_assignment.app2_control_plane_on_subnet,
    azurerm_role_assignment.app2_control_plane_on_app2_kubelet,
    azurerm_role_assignment.app2_kubelet_on_registry,
  ]
}

output "keeper_inputs" {
  description = "The content of keeper/foundation.auto.tfvars.json."

  value = {
    identity_client_id = azurerm_user_assigned_identity.keeper.client_id
  }
}

output "identity_client_ids" {
  description = "By Azure name: what ServiceAccounts and the keeper name when they ask for a token."

  value = {
    id-atlas-demo-mgmt         = azurerm_user_assigned_identity.mgmt_control_plane.client_id
    id-atlas-demo-mgmt-kubelet = azurerm_user_assigned_identity.mgmt_kubelet.client_id
    id-atlas-demo-mgmt-secrets = azurerm_user_assigned_identity.mgmt_vault_reader.client_id
    id-atlas-demo-app1         = azurerm_user_assigned_identity.app1_control_plane.client_id
    id-atlas-demo-app1-kubelet = azurerm_user_assigned_identity.app1_kubelet.client_id
    id-atlas-demo-app1-secrets = azurerm_user_assigned_identity.app1_vault_reader.client_id
    id-atlas-demo-app2         = azurerm_user_assigned_identity.app2_control_plane.client_id
    id-atlas-demo-app2-kubelet = azurerm_user_assigned_identity.app2_kubelet.client_id
    id-atlas-demo-app2-secrets = azurerm_user_assigned_identity.app2_vault_reader.client_id
    id-atlas-demo-argocd       = azurerm_user_assigned_identity.argo_cd.client_id
    id-atlas-demo-keeper       = azurerm_user_assigned_identity.keeper.client_id
  }
}

output "subnet_ranges" {
  description = "Ranges of the subnets, by name."

  value = {
    snet-mgmt                = azurerm_subnet.nodes_mgmt.address_prefixes[0]
    snet-app1                = azurerm_subnet.nodes_app1.address_prefixes[0]
    snet-app2                = azurerm_subnet.nodes_app2.address_prefixes[0]
    snet-endpoints           = azurerm_subnet.endpoints.address_prefixes[0]
    snet-container-instances = azurerm_subnet.container_instances.address_prefixes[0]
  }
}

output "vault_uri" {
  description = "The vault, for stores and for people."
  value       = azurerm_key_vault.fleet.vault_uri
}

output "registry_login_server" {
  description = "The registry that nodes pull from."
  value       = azurerm_container_registry.fleet.login_server
}
