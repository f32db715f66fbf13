import type { Priced } from '../component.ts';
import alerts from './alerts.ts';
import controlPlane from './control-plane.ts';
import egress from './egress.ts';
import keeper from './keeper.ts';
import keyVault from './key-vault.ts';
import loadBalancers from './load-balancers.ts';
import logs from './logs.ts';
import managedMetrics from './managed-metrics.ts';
import nodes from './nodes.ts';
import osDisks from './os-disks.ts';
import privateEndpoint from './private-endpoint.ts';
import prometheusVolume from './prometheus-volume.ts';
import registry from './registry.ts';

/** Everything that a platform can be billed for. Resource groups, VNets, NSGs, identities and budgets are free. */
export const pricedResources: readonly Priced[] = [
  controlPlane,
  nodes,
  osDisks,
  egress,
  loadBalancers,
  privateEndpoint,
  keyVault,
  registry,
  prometheusVolume,
  managedMetrics,
  logs,
  alerts,
  keeper,
];
