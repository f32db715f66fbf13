/** A fleet of one mgmt and otherwise app clusters, each with a workload of its own, as a person would write it. */
export function fleetYaml(clusters: number): string {
  const apps = Array.from({ length: clusters - 1 }, (_, index) => `app${index + 1}`);
  return [
    'name: bench',
    'region: koreacentral',
    'azure: { subscription: 00000000-0000-0000-0000-000000000000, tenant: 00000000-0000-0000-0000-000000000000 }',
    'admins: [11111111-1111-1111-1111-111111111111]',
    'operators: { ipRanges: [203.0.113.0/24] }',
    'gitops: { repo: https://github.com/acme/platform.git }',
    'alerts: { email: platform@acme.example }',
    'clusters:',
    '  mgmt: { role: mgmt, user: { vmSizes: [Standard_D4s_v3, Standard_D4ds_v5], nodes: 2..4 } }',
    ...apps.map(
      (name) => `  ${name}: { user: { vmSizes: [Standard_D2s_v3, Standard_D2ds_v5], nodes: 2..5 } }`,
    ),
    'workloads:',
    ...apps.map(
      (name) =>
        `  web-${name}: { clusters: [${name}], image: 'ghcr.io/acme/web:1.0', replicas: 3, secrets: [db-password] }`,
    ),
    '',
  ].join('\n');
}
