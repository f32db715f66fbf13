# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

# eso-kv in external-secrets acts as id-borealis-demo-shop-secrets, by no secret (ADR-A03).
resource "azurerm_federated_identity_credential" "shop_vault_reader_eso_kv" {
  name                      = "shop-eso-kv"
  user_assigned_identity_id = "${local.identities}/id-borealis-demo-shop-secrets"
  issuer                    = azurerm_kubernetes_cluster.shop.oidc_issuer_url
  subject                   = "system:serviceaccount:external-secrets:eso-kv"
  audience                  = ["api://AzureADTokenExchange"]
}
