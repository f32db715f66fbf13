import { contains } from '../../base/cidr.ts';
import type { SecurityRuleEvidence } from '../evidence.ts';
import { azureId } from './azure-id.ts';
import { prefixesOf, type SubnetUses } from './network.ts';
import type { Instance } from './shown-file.ts';
import { known, place, SUBNET, type Terms } from './terms.ts';
import { blocksAt, numberAt, oneOfAt, rangeOf, textAt, textsAt, valueAt } from './values.ts';

const GROUP = 'azurerm_network_security_group';
const RULE = 'azurerm_network_security_rule';
const ASSOCIATION = 'azurerm_subnet_network_security_group_association';
/** A subnet may name its group itself; the value is never stored, so that only the configuration shows it. */
const OWN_GROUP = 'network_security_group_id_wo';

/** One row of a group, wherever it is written. */
type Row = { readonly path: readonly (string | number)[]; readonly values: unknown };

export type SubnetSecurity = {
  /** The inbound rows of every subnet that has a security group. */
  readonly rules: readonly SecurityRuleEvidence[];
  /** Subnets whose group is known to have no row. */
  readonly unguarded: ReadonlySet<Instance>;
};

export function securityOf(terms: Terms, uses: SubnetUses): SubnetSecurity {
  const { graph } = terms;
  const rows = rowsByGroup(terms);
  const own = graph
    .managed(SUBNET)
    .filter((subnet) => graph.isWritten(subnet, [OWN_GROUP]) === true)
    .map((subnet) => ({
      path: place(subnet, OWN_GROUP),
      subnet: { kind: 'resource' as const, to: subnet },
      group: graph.link(subnet, [OWN_GROUP], GROUP),
    }));
  const joined = graph.managed(ASSOCIATION).map((association) => ({
    path: place(association),
    subnet: graph.link(association, ['subnet_id'], SUBNET),
    group: graph.link(association, ['network_security_group_id'], GROUP),
  }));
  const unguarded = new Set<Instance>();
  const rules = [...own, ...joined].flatMap(({ path, subnet, group }) => {
    if (subnet.kind !== 'resource') return subnet.kind === 'unknown' ? [{ path }] : [];
    const clusters = [...(uses.nodesOf.get(subnet.to) ?? [])];
    const item = known<SecurityRuleEvidence>({
      path,
      subnet: terms.labelOf(subnet.to),
      cluster: clusters.length === 1 ? clusters[0] : undefined,
      holdsEndpoints: uses.endpoints.has(subnet.to) || (uses.hasUnknownEndpoints ? undefined : false),
    });
    const found = group.kind === 'resource' ? rows.get(group.to) : undefined;
    if (found?.length === 0) unguarded.add(subnet.to);
    // A group of which nothing is known: its rows are there and say nothing.
    return found ? found.flatMap((row) => ruleEvidence(item, row, subnet.to)) : [item];
  });
  return { rules, unguarded };
}

/** Rows by group, inside it or beside it; a group is missing where its rows are not known. */
function rowsByGroup({ graph }: Terms): ReadonlyMap<Instance, readonly Row[]> {
  const beside = new Map<Instance, Row[]>();
  let isAnyLost = false;
  for (const rule of graph.managed(RULE)) {
    const group = groupOf(graph, rule);
    if (group === 'unknown') isAnyLost = true;
    else if (group !== 'elsewhere') {
      const row = { path: place(rule), values: rule.values };
      const rows = beside.get(group);
      if (rows) rows.push(row);
      else beside.set(group, [row]);
    }
  }
  const all = new Map<Instance, readonly Row[]>();
  if (isAnyLost) return all;
  for (const group of graph.managed(GROUP)) {
    const separate = beside.get(group) ?? [];
    const inside = blocksAt(group.values, 'security_rule')?.map((values, index) => ({
      path: place(group, 'security_rule', index),
      values,
    }));
    // Azure takes both kinds in one group, azurerm does not: with rows beside it, it has none inside.
    if (inside !== undefined || separate.length > 0) all.set(group, [...(inside ?? []), ...separate]);
  }
  return all;
}

function groupOf(graph: Terms['graph'], rule: Instance): Instance | 'unknown' | 'elsewhere' {
  const [name, group] = ['network_security_group_name', 'resource_group_name'].map((attribute) =>
    textAt(rule.values, attribute),
  );
  const subscription = graph.files.find((file) => file.name === rule.file)?.subscription;
  const id =
    name === undefined || group === undefined
      ? undefined
      : azureId(
          `/subscriptions/${subscription ?? '*'}/resourceGroups/${group}` +
            `/providers/Microsoft.Network/networkSecurityGroups/${name}`,
        );
  if (id) {
    const found = graph.find(subscription === undefined ? { key: id.key } : id, GROUP);
    if (found) return found;
  }
  const link = graph.link(rule, ['network_security_group_name'], GROUP);
  if (link.kind === 'resource') return link.to;
  return id ? 'elsewhere' : 'unknown';
}

function ruleEvidence(
  item: SecurityRuleEvidence,
  { path, values }: Row,
  subnet: Instance,
): SecurityRuleEvidence[] {
  const direction = valueAt(values, 'direction');
  if (direction === 'Outbound') return [];
  const access = oneOfAt(['Allow', 'Deny'], values, 'access');
  const isWhole = isOfAll(values, subnet);
  return [
    known<SecurityRuleEvidence>({
      ...item,
      path,
      name: textAt(values, 'name'),
      priority: direction === undefined ? undefined : numberAt(values, 'priority'),
      access,
      isPartial: access === 'Allow' && isWhole === false ? true : undefined,
      protocol: textAt(values, 'protocol'),
      // A denial of a part of the subnet, or of some source ports, denies less than its row here would say.
      sources: access === 'Allow' || isWhole === true ? sourcesOf(values) : undefined,
      ports:
        isWhole === undefined
          ? undefined
          : eitherOf(values, 'destination_port_range', 'destination_port_ranges'),
    }),
  ];
}

function sourcesOf(values: unknown): readonly string[] | undefined {
  const groups = blocksAt(values, 'source_application_security_group_ids');
  const sources = eitherOf(values, 'source_address_prefix', 'source_address_prefixes');
  return groups !== undefined && groups.length > 0 ? undefined : sources?.map(withPrefix);
}

/** `10.1.2.3` is a range of one address. */
function withPrefix(source: string): string {
  return rangeOf(source) === undefined || source.includes('/') ? source : `${source}/32`;
}

/** Whether a row speaks of the whole subnet and of every source port; undefined where that is not known. */
function isOfAll(values: unknown, subnet: Instance): boolean | undefined {
  const ports = eitherOf(values, 'source_port_range', 'source_port_ranges');
  const groups = blocksAt(values, 'destination_application_security_group_ids');
  if (groups !== undefined && groups.length > 0) return false;
  const destinations = eitherOf(values, 'destination_address_prefix', 'destination_address_prefixes');
  if (ports === undefined || destinations === undefined) return undefined;
  if (!ports.includes('*')) return false;
  if (destinations.some((one) => ['*', 'VirtualNetwork', '0.0.0.0/0'].includes(one))) return true;
  const ranges = destinations.flatMap((one) => rangeOf(one) ?? []);
  return prefixesOf(subnet, 'address_prefixes').every(
    ({ range }) => range !== undefined && ranges.some((outer) => contains(outer, range)),
  );
}

/** Azure has most of a row in two spellings: one value, or several. */
function eitherOf(values: unknown, one: string, several: string): readonly string[] | undefined {
  const single = textAt(values, one);
  if (single !== undefined && single !== '') return [single];
  const list = textsAt(values, several);
  return list !== undefined && list.length > 0 ? list : undefined;
}
