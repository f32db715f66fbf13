# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

output "cluster_inputs" {
  description = "By cluster: the content of clusters/<name>/foundation.auto.tfvars.json."

  value = {
    mgmt = {
      egress_ip_addresses = [
        azurerm_public_ip.nat_services.ip_address,
        azurerm_public_ip.cluster_mgmt.ip_address,
      ]
      kubelet_identity = {
        client_id = azurerm_user_assigned_identity.mgmt_kubelet.client_id
        object_id = azurerm_user_assigned_identity.mgmt_kubelet.principal_id
      }
    }
    shop = {
      egress_ip_addresses = [
        azurerm_public_ip.nat_services.ip_address,
        azurerm_public_ip.cluster_mgmt.ip_address,
        azurerm_public_ip.cluster_shop.ip_address,
      ]
      kubelet_identity = {
        client_id = azurerm_user_assigned_identity.shop_kubelet.client_id
        object_id = azurerm_user_assigned_identity.shop_kubelet.principal_id
      }
    }
  }

  # No cluster begins before its subnet is guarded, has a way out, and its identities have their
  # rights: without this file its root cannot be planned.
  depends_on = [
    azurerm_subnet_network_security_group_association.nodes_mgmt,
    azurerm_subnet_network_security_group_association.nodes_shop,
    azurerm_role_assignment.mgmt_control_plane_on_subnet,
    azurerm_role_assignment.mgmt_control_plane_on_mgmt_kubelet,
    azurerm_role_assignment.mgmt_control_plane_on_public_ip,
    azurerm_role_assignment.mgmt_kubelet_on_registry,
    azurerm_role_assignment.shop_control_plane_on_subnet,
    azurerm_role_assignment.shop_control_plane_on_shop_kubelet,
    azurerm_role_assignment.shop_control_plane_on_public_ip,
    azurerm_role_assignment.shop_kubelet_on_registry,
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
    id-borealis-demo-mgmt         = azurerm_user_assigned_identity.mgmt_control_plane.client_id
    id-borealis-demo-mgmt-kubelet = azurerm_user_assigned_identity.mgmt_kubelet.client_id
    id-borealis-demo-mgmt-secrets = azurerm_user_assigned_identity.mgmt_vault_reader.client_id
    id-borealis-demo-shop         = azurerm_user_assigned_identity.shop_control_plane.client_id
    id-borealis-demo-shop-kubelet = azurerm_user_assigned_identity.shop_kubelet.client_id
    id-borealis-demo-shop-secrets = azurerm_user_assigned_identity.shop_vault_reader.client_id
    id-borealis-demo-argocd       = azurerm_user_assigned_identity.argo_cd.client_id
    id-borealis-demo-keeper       = azurerm_user_assigned_identity.keeper.client_id
  }
}

output "subnet_ranges" {
  description = "Ranges of the subnets, by name."

  value = {
    snet-mgmt           = azurerm_subnet.nodes_mgmt.address_prefixes[0]
    snet-shop           = azurerm_subnet.nodes_shop.address_prefixes[0]
    snet-endpoints      = azurerm_subnet.endpoints.address_prefixes[0]
    snet-container-apps = azurerm_subnet.container_apps.address_prefixes[0]
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
