# Fleet atlas, production. Written by Bulkhead: change the fleet file instead.

resource "azurerm_consumption_budget_subscription" "fleet" {
  name            = "budget-atlas-prod"
  subscription_id = "/subscriptions/${var.subscription_id}"
  amount          = 80 # in the currency that the subscription is billed in
  time_grain      = "Monthly"

  time_period {
    start_date = var.budget_start
  }

  # By tag, which AKS hands down to the machines, disks and addresses that it makes in groups of its
  # own.
  filter {
    tag {
      name   = "fleet"
      values = ["atlas"]
    }

    tag {
      name   = "environment"
      values = ["production"]
    }
  }

  notification {
    operator       = "GreaterThanOrEqualTo"
    threshold      = 80
    threshold_type = "Actual"
    contact_emails = [var.alert_email]
  }

  notification {
    operator       = "GreaterThanOrEqualTo"
    threshold      = 100
    threshold_type = "Actual"
    contact_emails = [var.alert_email]
  }

  notification {
    operator       = "GreaterThanOrEqualTo"
    threshold      = 100
    threshold_type = "Forecasted"
    contact_emails = [var.alert_email]
  }
}
