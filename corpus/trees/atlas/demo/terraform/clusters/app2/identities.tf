# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

# eso-kv in external-secrets acts as id-atlas-demo-app2-secrets, by no secret (ADR-A03).
resource "azurerm_federated_identity_credential" "app2_vault_reader_eso_kv" {
  name                      = "app2-eso-kv"
  user_assigned_identity_id = "${local.identities}/id-atlas-demo-app2-secrets"
  issuer                    = azurerm_kubernetes_cluster.app2.oidc_issuer_url
  subject                   = "system:serviceaccount:external-secrets:eso-kv"
  audience                  = ["api://AzureADTokenExchange"]
}
