import type { Platform } from '../../model/platform.ts';
import { MONITORING_NAMESPACE } from '../components/kube-prometheus-stack.ts';
import type { Manifest } from '../manifest.ts';
import { because, type Yaml } from '../yaml.ts';
import { type AlertRule, alertRules } from './alert-rules.ts';

/** The alert rules of the fleet as one object, which the operator hands to Prometheus on mgmt. */
export function prometheusRule(platform: Platform): Manifest {
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'PrometheusRule',
    metadata: { name: 'fleet', namespace: MONITORING_NAMESPACE },
    spec: { groups: [{ name: 'fleet', rules: alertRules(platform).map(ruleOf) }] },
  };
}

function ruleOf({ alert, expr, forMinutes, severity, summary, why }: AlertRule): Yaml {
  return because(why, {
    alert,
    expr,
    ...(forMinutes > 0 ? { for: `${forMinutes}m` } : {}),
    labels: { severity },
    annotations: { summary },
  });
}
