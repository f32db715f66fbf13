import { join } from 'node:path';
import { openHelm } from '../../src/adapters/helm/helm.ts';
import { pathOf, repositoryRoot } from './tools.ts';

/** What the chart of our own under prove/fixtures/charts is rendered with. */
export const CHART = {
  release: 'wall',
  namespace: 'bulwark',
  name: 'bulwark',
  repo: 'https://charts.example.invalid',
  version: '1.0.0',
  valuesFiles: [],
  values: { secret: 'hunter2hunter2' },
  kubernetesVersion: '1.34.2',
  apiVersions: ['monitoring.coreos.com/v1'],
};

/** Helm, with the charts of prove/fixtures alone. */
export function helmOfFixtures(): ReturnType<typeof openHelm> {
  const charts = join(repositoryRoot, 'prove', 'fixtures', 'charts');
  return openHelm({ ...process.env, BULKHEAD_HELM: pathOf('helm'), BULKHEAD_CHARTS: charts });
}
