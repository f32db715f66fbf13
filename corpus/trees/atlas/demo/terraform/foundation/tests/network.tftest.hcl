# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

mock_provider "azurerm" {}

variables {
  subscription_id    = "00000000-0000-0000-0000-000000000000"
  tenant_id          = "00000000-0000-0000-0000-000000000001"
  admin_group_ids    = ["00000000-0000-0000-0000-000000000002"]
  operator_ip_ranges = ["203.0.113.0/24"]
  alert_email        = "platform@example.com"
  budget_start       = "2026-01-01T00:00:00Z"
}

# Azure's own rule 65000 lets the whole VNet in: without a deny at the end, no rule above it says
# anything.
run "every_subnet_denies_what_it_does_not_allow" {
  command = plan

  assert {
    condition = [
      for rule in azurerm_network_security_group.nodes_mgmt.security_rule :
      "${rule.access} ${rule.protocol} ${rule.source_address_prefix}:${rule.destination_port_range}"
      if rule.priority == max(azurerm_network_security_group.nodes_mgmt.security_rule[*].priority...)
    ] == ["Deny * VirtualNetwork:*"]

    error_message = "The last rule of snet-mgmt is no deny of everything that comes from the VNet."
  }

  assert {
    condition = [
      for rule in azurerm_network_security_group.nodes_app1.security_rule :
      "${rule.access} ${rule.protocol} ${rule.source_address_prefix}:${rule.destination_port_range}"
      if rule.priority == max(azurerm_network_security_group.nodes_app1.security_rule[*].priority...)
    ] == ["Deny * VirtualNetwork:*"]

    error_message = "The last rule of snet-app1 is no deny of everything that comes from the VNet."
  }

  assert {
    condition = [
      for rule in azurerm_network_security_group.nodes_app2.security_rule :
      "${rule.access} ${rule.protocol} ${rule.source_address_prefix}:${rule.destination_port_range}"
      if rule.priority == max(azurerm_network_security_group.nodes_app2.security_rule[*].priority...)
    ] == ["Deny * VirtualNetwork:*"]

    error_message = "The last rule of snet-app2 is no deny of everything that comes from the VNet."
  }

  assert {
    condition = [
      for rule in azurerm_network_security_group.endpoints.security_rule :
      "${rule.access} ${rule.protocol} ${rule.source_address_prefix}:${rule.destination_port_range}"
      if rule.priority == max(azurerm_network_security_group.endpoints.security_rule[*].priority...)
    ] == ["Deny * VirtualNetwork:*"]

    error_message = "The last rule of snet-endpoints is no deny of everything that comes from the VNet."
  }

  assert {
    condition = [
      for rule in azurerm_network_security_group.container_instances.security_rule :
      "${rule.access} ${rule.protocol} ${rule.source_address_prefix}:${rule.destination_port_range}"
      if rule.priority == max(azurerm_network_security_group.container_instances.security_rule[*].priority...)
    ] == ["Deny * VirtualNetwork:*"]

    error_message = "The last rule of snet-container-instances is no deny of everything that comes from the VNet."
  }
}

run "no_two_subnets_overlap" {
  command = plan

  assert {
    condition = alltrue(flatten([
      for one, a in output.subnet_ranges : [
        for other, b in output.subnet_ranges :
        one == other || cidrhost("${split("/", a)[0]}/${min(split("/", a)[1], split("/", b)[1])}", 0) !=
        cidrhost("${split("/", b)[0]}/${min(split("/", a)[1], split("/", b)[1])}", 0)
      ]
    ]))

    error_message = "Two subnets overlap, which Azure refuses, and the rules of one would let the other in."
  }
}

run "nothing_leaves_by_an_address_of_chance" {
  command = plan

  assert {
    condition     = !azurerm_subnet.nodes_mgmt.default_outbound_access_enabled
    error_message = "snet-mgmt has a way out that egress.tf does not say: Azure lends it an address that changes."
  }

  assert {
    condition     = !azurerm_subnet.nodes_app1.default_outbound_access_enabled
    error_message = "snet-app1 has a way out that egress.tf does not say: Azure lends it an address that changes."
  }

  assert {
    condition     = !azurerm_subnet.nodes_app2.default_outbound_access_enabled
    error_message = "snet-app2 has a way out that egress.tf does not say: Azure lends it an address that changes."
  }

  assert {
    condition     = !azurerm_subnet.endpoints.default_outbound_access_enabled
    error_message = "snet-endpoints has a way out that egress.tf does not say: Azure lends it an address that changes."
  }

  assert {
    condition     = !azurerm_subnet.container_instances.default_outbound_access_enabled
    error_message = "snet-container-instances has a way out that egress.tf does not say: Azure lends it an address that changes."
  }
}
