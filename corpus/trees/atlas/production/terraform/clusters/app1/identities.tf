# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

# eso-kv in external-secrets acts as id-atlas-prod-app1-secrets, by no secret (ADR-A03).
resource "azurerm_federated_identity_credential" "app1_vault_reader_eso_kv" {
  name                      = "app1-eso-kv"
  user_assigned_identity_id = "${local.identities}/id-atlas-prod-app1-secrets"
  issuer                    = azurerm_kubernetes_cluster.app1.oidc_issuer_url
  subject                   = "system:serviceaccount:external-secrets:eso-kv"
  audience                  = ["api://AzureADTokenExchange"]
}
