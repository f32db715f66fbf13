# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

output "cluster_id" {
  description = "Azure id of the cluster."
  value       = azurerm_kubernetes_cluster.mgmt.id
}

output "fqdn" {
  description = "Host name of the API server."
  value       = azurerm_kubernetes_cluster.mgmt.fqdn
}

output "oidc_issuer_url" {
  description = "Who signs the tokens of ServiceAccounts."
  value       = azurerm_kubernetes_cluster.mgmt.oidc_issuer_url
}
