import { MONITORING_NAMESPACE } from '../components/kube-prometheus-stack.ts';
import type { Manifest } from '../manifest.ts';

/** One picture of Grafana: what it shows, from which queries. */
export type Panel = {
  readonly title: string;
  /** A line over time, the number of now, or a row for each series of now. */
  readonly shows: 'timeseries' | 'stat' | 'table';
  readonly unit?: 'percentunit' | 's' | 'none' | 'ops';
  /** What the numbers do not say by themselves. */
  readonly description?: string;
  readonly queries: readonly Query[];
};

/** PromQL, and how a series is called: `{{cluster}}` stands for its label. */
type Query = { readonly expr: string; readonly legend: string };

export type Dashboard = {
  /** Unique in Grafana, with a prefix of ours, and part of its address: it stays when the title changes. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly panels: readonly Panel[];
};

/** The data source that the chart's values name. */
const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' } as const;
/** Grafana's grid is 24 wide; two panels stand side by side. */
const WIDTH = 12;
const HEIGHT = 8;
/** Version of the format, which Grafana migrates upwards on load; 13.2 knows 41 (Grafana 12.0 wrote it first). */
const SCHEMA_VERSION = 41;

/** The ConfigMap by which Grafana's side-car finds a dashboard: by its label, in any namespace. */
export function dashboardConfigMap(dashboard: Dashboard): Manifest {
  const name = `dashboard-${dashboard.id}`;
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace: MONITORING_NAMESPACE, labels: { grafana_dashboard: '1' } },
    data: { [`bulkhead-${dashboard.id}.json`]: `${JSON.stringify(grafanaJson(dashboard), null, 2)}\n` },
  };
}

function grafanaJson({ id, title, description, panels }: Dashboard): object {
  return {
    uid: `bulkhead-${id}`,
    title,
    description,
    tags: ['bulkhead'],
    schemaVersion: SCHEMA_VERSION,
    editable: false,
    time: { from: 'now-6h', to: 'now' },
    refresh: '1m',
    panels: panels.map(panelJson),
  };
}

function panelJson({ title, shows, unit, description, queries }: Panel, index: number): object {
  return {
    id: index + 1,
    type: shows,
    title,
    ...(description === undefined ? {} : { description }),
    datasource: PROMETHEUS,
    gridPos: { x: (index % 2) * WIDTH, y: Math.floor(index / 2) * HEIGHT, w: WIDTH, h: HEIGHT },
    fieldConfig: { defaults: { unit: unit ?? 'none', min: 0 }, overrides: [] },
    targets: queries.map(({ expr, legend }, order) => ({
      refId: String.fromCodePoint('A'.codePointAt(0)! + order),
      datasource: PROMETHEUS,
      expr,
      legendFormat: legend,
      ...(shows === 'timeseries' ? { range: true } : { instant: true }),
      ...(shows === 'table' ? { format: 'table' } : {}),
    })),
  };
}
