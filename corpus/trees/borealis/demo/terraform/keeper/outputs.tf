# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

output "keeper_id" {
  description = "Azure id of the keeper."
  value       = azurerm_container_app_job.keeper.id
}
