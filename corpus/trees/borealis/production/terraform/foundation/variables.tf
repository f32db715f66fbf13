# Fleet borealis, production. Written by Bulkhead: change the fleet file instead.

variable "subscription_id" {
  description = "Azure subscription of the fleet; every id and every global name is computed from it."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.subscription_id))
    error_message = "Write the id of a subscription, like 00000000-0000-0000-0000-000000000000."
  }
}

variable "tenant_id" {
  description = "Entra tenant whose people and identities may reach the fleet."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.tenant_id))
    error_message = "Write the id of a tenant, like 00000000-0000-0000-0000-000000000000."
  }
}

variable "admin_group_ids" {
  description = "Entra groups that administer the fleet."
  type        = list(string)
  nullable    = false

  validation {
    condition     = alltrue([for id in var.admin_group_ids : can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", id))])
    error_message = "Write object ids of groups, like 00000000-0000-0000-0000-000000000000."
  }
}

variable "alert_email" {
  description = "Who is told of alerts and of the budget."
  type        = string
  nullable    = false
}
