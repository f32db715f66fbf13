# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

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
}

output "identity_client_ids" {
  description = "By Azure name: what ServiceAccounts and the keeper name when they ask for a token."

  value = {
    id-atlas-prod-mgmt         = azurerm_user_assigned_identity.mgmt_control_plane.client_id
    id-atlas-prod-mgmt-kubelet = azurerm_user_assigned_identity.mgmt_kubelet.client_id
    id-atlas-prod-mgmt-secrets = azurerm_user_assigned_identity.mgmt_vault_reader.client_id
    id-atlas-prod-app1         = azurerm_user_assigned_identity.app1_control_plane.client_id
    id-atlas-prod-app1-kubelet = azurerm_user_assigned_identity.app1_kubelet.client_id
    id-atlas-prod-app1-secrets = azurerm_user_assigned_identity.app1_vault_reader.client_id
    id-atlas-prod-app2         = azurerm_user_assigned_identity.app2_control_plane.client_id
    id-atlas-prod-app2-kubelet = azurerm_user_assigned_identity.app2_kubelet.client_id
    id-atlas-prod-app2-secrets = azurerm_user_assigned_identity.app2_vault_reader.client_id
    id-atlas-prod-argocd       = azurerm_user_assigned_identity.argo_cd.client_id
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
