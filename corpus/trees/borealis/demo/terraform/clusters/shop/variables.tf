# Fleet borealis, demo. Written by Bulkhead: change the fleet file instead.

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
}

variable "operator_ip_ranges" {
  description = "Addresses of people and CI that may reach the API server."
  type        = list(string)
  nullable    = false
}

variable "egress_ip_addresses" {
  description = "Addresses by which the fleet itself calls this API server. From foundation.auto.tfvars.json, which is the output cluster_inputs of the foundation."
  type        = list(string)
  nullable    = false

  validation {
    condition     = length(var.egress_ip_addresses) > 0
    error_message = "Without an address the list of authorized ranges could be empty, and the API server open to all."
  }
}

variable "kubelet_identity" {
  description = "As whom the nodes pull images. From foundation.auto.tfvars.json, which is the output cluster_inputs of the foundation."
  type        = object({ client_id = string, object_id = string })
  nullable    = false
}
