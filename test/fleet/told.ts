import type { Finding } from '../../src/base/finding.ts';
import { type FleetFileLoad, loadFleetFile } from '../../src/fleet/load.ts';

/** A small fleet that nothing is wrong with. */
export const SOUND = `name: atlas
region: koreacentral
tiers:
  1: { demo: Spot }
network:
  peers:
    - [mgmt, app1]
clusters:
  mgmt: {}
  app1:
    user:
      vmSizes: [Standard_D2s_v3, Standard_D2as_v5]
      nodes: 2..5
      zones: [1, 2]
workloads:
  web:
    clusters: [app1]
    image: nginx:1.29
    env: { MODE: fast }
environments:
  production:
    clusters:
      app1:
        user: { nodes: 3..6 }
`;

export function load(content: string | Uint8Array): FleetFileLoad {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  return loadFleetFile('fleet.yaml', bytes);
}

/** What the loader says of a file, one line for each finding: `2:3-2:7 fleet/type message | help`. */
export function told(content: string | Uint8Array): string[] {
  return load(content).findings.map(line);
}

/** Like `told`, without the words. */
export function toldPlaces(content: string | Uint8Array): string[] {
  return load(content).findings.map((finding) => `${place(finding)} ${finding.id}`);
}

function line(finding: Finding): string {
  return `${place(finding)} ${finding.id} ${finding.message} | ${finding.help}`;
}

function place({ span }: Finding): string {
  if (span === undefined) return '?';
  return `${span.start.line}:${span.start.column}-${span.end.line}:${span.end.column}`;
}
