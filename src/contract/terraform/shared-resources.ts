import type { DiagnosticSettingEvidence, RegistryEvidence, ZoneLinkEvidence } from '../azure-evidence.ts';
import type { Graph } from './graph.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, lastStep, place, type Terms } from './terms.ts';
import { blocksAt, switchAt, textAt, textsAt, valueAt } from './values.ts';

const REGISTRY = 'azurerm_container_registry';
const ENDPOINT = 'azurerm_private_endpoint';
const CONNECTION = ['private_service_connection', 0] as const;
const ZONE = 'azurerm_private_dns_zone';
const NETWORK = 'azurerm_virtual_network';
const WORKSPACE = 'azurerm_log_analytics_workspace';
/** What sends its logs somewhere, of what is read of a plan. */
const SENDERS = [
  CLUSTER,
  'azurerm_key_vault',
  REGISTRY,
  WORKSPACE,
  'azurerm_network_security_group',
  'azurerm_virtual_network',
  'azurerm_public_ip',
  'azurerm_storage_account',
  'azurerm_container_group',
  'azurerm_container_app_environment',
];

/** Registries, with what they do that only the Premium tier can. */
export function registriesOf({ graph, labelOf }: Terms): RegistryEvidence[] {
  const endpoints = graph
    .managed(ENDPOINT)
    .filter((endpoint) => isOfRegistries(endpoint))
    .map((endpoint) => graph.link(endpoint, [...CONNECTION, 'private_connection_resource_id'], REGISTRY));
  return graph.managed(REGISTRY).map((registry) => {
    const { values } = registry;
    const uses: readonly (readonly [name: string, isUsed: boolean | undefined])[] = [
      ['a private endpoint', isConnected(registry, endpoints)],
      ['no public address', isOff(values, 'public_network_access_enabled')],
      ['zone redundancy', switchAt(values, 'zone_redundancy_enabled')],
      ['a retention policy', isSet(values, 'retention_policy_in_days')],
      ['copies in other regions', some(blocksAt(values, 'georeplications'))],
    ];
    const used = uses.filter(([, isUsed]) => isUsed === true).map(([name]) => name);
    return known<RegistryEvidence>({
      path: place(registry),
      places: { sku: place(registry, 'sku') },
      name: labelOf(registry),
      sku: textAt(values, 'sku'),
      premiumFeatures: used.length > 0 || uses.every(([, isUsed]) => isUsed !== undefined) ? used : undefined,
    });
  });
}

/** What an endpoint leads to has parts, by which it says what it is: a registry has one that is called so. */
function isOfRegistries(endpoint: Instance): boolean {
  return textsAt(endpoint.values, ...CONNECTION, 'subresource_names')?.includes('registry') ?? true;
}

/** An endpoint whose target is not known could be any registry's. */
function isConnected(registry: Instance, links: readonly ReturnType<Graph['link']>[]): boolean | undefined {
  if (links.some((link) => link.kind === 'resource' && link.to === registry)) return true;
  return links.some(({ kind }) => kind === 'unknown') ? undefined : false;
}

/** What goes where: one item for each category, of which Azure takes each once. */
export function diagnosticSettingsOf({ graph }: Terms): DiagnosticSettingEvidence[] {
  return graph.managed('azurerm_monitor_diagnostic_setting').flatMap((setting) => {
    const path = place(setting);
    const target = keyOf(graph, setting, 'target_resource_id', SENDERS);
    const sink = keyOf(graph, setting, 'log_analytics_workspace_id', [WORKSPACE]);
    // Sinks of another kind are none of what is read here.
    if (valueAt(setting.values, 'log_analytics_workspace_id') === null) return [];
    const logs = blocksAt(setting.values, 'enabled_log');
    const metrics = blocksAt(setting.values, 'enabled_metric') ?? blocksAt(setting.values, 'metric');
    if (logs === undefined || metrics === undefined) return [known<DiagnosticSettingEvidence>({ path })];
    const categories = [...logs, ...metrics].map(
      (block) => textAt(block, 'category') ?? textAt(block, 'category_group'),
    );
    return categories.map((category) => known<DiagnosticSettingEvidence>({ path, target, sink, category }));
  });
}

/** Which networks look names up in which private zones. */
export function zoneLinksOf({ graph }: Terms): ZoneLinkEvidence[] {
  return graph.managed('azurerm_private_dns_zone_virtual_network_link').map((link) =>
    known<ZoneLinkEvidence>({
      path: place(link),
      zone: zoneNameOf(graph, link),
      zoneId: keyOf(graph, link, 'private_dns_zone_id', [ZONE]),
      network: keyOf(graph, link, 'virtual_network_id', [NETWORK]),
    }),
  );
}

function zoneNameOf(graph: Graph, link: Instance): string | undefined {
  // azurerm 4 knows the second spelling alone.
  const written = textAt(link.values, 'private_dns_zone_name');
  if (written !== undefined) return written.toLowerCase();
  const zone = graph.link(link, ['private_dns_zone_id'], ZONE);
  if (zone.kind === 'elsewhere') return lastStep(zone.id).toLowerCase();
  return zone.kind === 'resource' ? textAt(zone.to.values, 'name')?.toLowerCase() : undefined;
}

/** One text for one resource, whether it is made here, looked up, or made elsewhere. */
function keyOf(
  graph: Graph,
  from: Instance,
  attribute: string,
  types: readonly string[],
): string | undefined {
  const link = graph.link(from, [attribute], ...types);
  if (link.kind === 'elsewhere') return link.id.toLowerCase();
  if (link.kind !== 'resource') return undefined;
  return graph.idOf(link.to)?.key ?? `${link.to.file} ${link.to.address}`;
}

/** A switch that is on where nobody writes it. */
function isOff(values: unknown, name: string): boolean | undefined {
  const value = valueAt(values, name);
  return value === undefined ? undefined : value === false;
}

function isSet(values: unknown, name: string): boolean | undefined {
  const value = valueAt(values, name);
  return value === undefined ? undefined : value !== null && value !== 0;
}

function some(blocks: readonly unknown[] | undefined): boolean | undefined {
  return blocks && blocks.length > 0;
}
