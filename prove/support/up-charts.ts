import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { chart } from '../../src/catalog/charts.ts';
import { listCrds } from './crds.ts';
import { pathOf, repositoryRoot } from './tools.ts';

/**
 * Stand-ins for the charts that `up` renders, under their names and versions: the fixture chart with its CRD, Job and
 * hook, and what the steps look for. Argo CD's brings the real CRDs. Answers the folder that BULKHEAD_CHARTS names.
 */
export function writeCharts(folder: string): string {
  for (const name of ['cilium', 'argo-cd'] as const) {
    const { version } = chart(name);
    const place = join(folder, `${name}-${version}`);
    cpSync(join(repositoryRoot, 'prove/fixtures/charts/bulwark-1.0.0'), place, { recursive: true });
    const about = readFileSync(join(place, 'Chart.yaml'), 'utf8');
    const named = about
      .replace('name: bulwark', `name: ${name}`)
      .replace('version: 1.0.0', `version: ${version}`);
    writeFileSync(join(place, 'Chart.yaml'), named);
    cpSync(
      join(repositoryRoot, 'prove/fixtures/up', `${name}.yaml`),
      join(place, 'templates/workloads.yaml'),
    );
    if (name === 'argo-cd') {
      mkdirSync(join(place, 'crds'), { recursive: true });
      for (const crd of listCrds(pathOf('crds')).filter(({ component }) => component === 'argo-cd')) {
        cpSync(crd.path, join(place, 'crds', `${crd.name}.yaml`));
      }
    }
  }
  return folder;
}
