# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

# eso-kv in external-secrets acts as id-atlas-prod-mgmt-secrets, by no secret (ADR-A03).
resource "azurerm_federated_identity_credential" "mgmt_vault_reader_eso_kv" {
  name                      = "mgmt-eso-kv"
  user_assigned_identity_id = "${local.identities}/id-atlas-prod-mgmt-secrets"
  issuer                    = azurerm_kubernetes_cluster.mgmt.oidc_issuer_url
  subject                   = "system:serviceaccount:external-secrets:eso-kv"
  audience                  = ["api://AzureADTokenExchange"]
}

# argocd-application-controller in argocd acts as id-atlas-prod-argocd, by no secret (ADR-A03).
resource "azurerm_federated_identity_credential" "argo_cd_argocd_application_controller" {
  name                      = "mgmt-argocd-application-controller"
  user_assigned_identity_id = "${local.identities}/id-atlas-prod-argocd"
  issuer                    = azurerm_kubernetes_cluster.mgmt.oidc_issuer_url
  subject                   = "system:serviceaccount:argocd:argocd-application-controller"
  audience                  = ["api://AzureADTokenExchange"]
}

# argocd-server in argocd acts as id-atlas-prod-argocd, by no secret (ADR-A03).
resource "azurerm_federated_identity_credential" "argo_cd_argocd_server" {
  name                      = "mgmt-argocd-server"
  user_assigned_identity_id = "${local.identities}/id-atlas-prod-argocd"
  issuer                    = azurerm_kubernetes_cluster.mgmt.oidc_issuer_url
  subject                   = "system:serviceaccount:argocd:argocd-server"
  audience                  = ["api://AzureADTokenExchange"]
}
