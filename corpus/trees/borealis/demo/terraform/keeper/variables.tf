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

variable "identity_client_id" {
  description = "Client id of the identity that the keeper acts as."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$", var.identity_client_id))
    error_message = "Write the client id of an identity, like 00000000-0000-0000-0000-000000000000."
  }
}

variable "keeper_image" {
  description = "Bulkhead's image, with a tag or better a digest, in a registry that asks for no login: the keeper has no password to give."
  type        = string
  nullable    = false

  validation {
    condition     = can(regex("(@sha256:[0-9a-f]{64}|:[A-Za-z0-9_][A-Za-z0-9._-]*)$", var.keeper_image))
    error_message = "Name a tag or a digest, like registry.example/bulkhead@sha256:... (without one, latest would be run)."
  }
}
