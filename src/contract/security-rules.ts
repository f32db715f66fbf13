import { type Cidr, contains, formatCidr, overlaps, parseCidr } from '../base/cidr.ts';
import { groupBy, hasAll, type SecurityRuleEvidence, type With } from './evidence.ts';

/** One row of a subnet's rules of which everything is known. */
export type Row = With<SecurityRuleEvidence, (typeof ROW_PARTS)[number]>;

/** A subnet of no cluster has none to say. */
const ROW_PARTS = ['subnet', 'name', 'priority', 'access', 'protocol', 'sources', 'ports'] as const;

/**
 * The rules of one subnet in the order in which Azure asks them; undefined rows mean that one is not fully
 * known.
 */
type SubnetRules = {
  readonly subnet: string;
  readonly cluster: string | undefined;
  /** Whether private endpoints stand there. */
  readonly holdsEndpoints: boolean | undefined;
  readonly path: SecurityRuleEvidence['path'];
  readonly rows: readonly Row[] | undefined;
};

type Flow = { readonly protocol: string; readonly port: number };

/** The rules subnet by subnet. */
export function rulesBySubnet(rules: readonly SecurityRuleEvidence[]): readonly SubnetRules[] {
  // A row of nobody's could be anybody's.
  const hasAllSubnets = rules.every((rule) => hasAll(rule, 'subnet'));
  return [...groupBy(rules, ({ subnet }) => subnet ?? 'an unknown subnet')].map(([subnet, own]) => {
    const rows = own.filter(isRow).toSorted((a, b) => a.priority - b.priority);
    return {
      subnet,
      cluster: own.find(({ cluster }) => cluster !== undefined)?.cluster,
      holdsEndpoints: own.find((rule) => rule.holdsEndpoints !== undefined)?.holdsEndpoints,
      path: own[0]!.path,
      rows: hasAllSubnets && rows.length === own.length ? rows : undefined,
    };
  });
}

/**
 * The position of the row that keeps out whatever of the VNet no row before it lets in; -1 when there is
 * none.
 */
export function wallOf(rows: readonly Row[]): number {
  return rows.findIndex(
    ({ access, protocol, sources, ports }) =>
      access === 'Deny' && protocol === '*' && ports.includes('*') && sources.some(isWholeNetwork),
  );
}

/** Whether a source stands for every address of the VNet. */
export function isWholeNetwork(source: string): boolean {
  return source === '*' || source === 'VirtualNetwork' || source === '0.0.0.0/0';
}

/**
 * Answers whether a flow from a range of the VNet gets through to the whole subnet: the first row that matches
 * decides, and behind the last one Azure's own row 65000 lets the whole VNet in. A row that lets in to a part
 * leaves the others to those behind it.
 */
export function letsIn(rows: readonly Row[], flow: Flow): (range: Cidr) => boolean {
  const matching = rows
    .filter(
      ({ protocol, ports, isPartial }) =>
        isPartial !== true &&
        isProtocol(protocol, flow.protocol) &&
        ports.some((port) => isPort(port, flow.port)),
    )
    .map(({ access, sources }) => ({ access, covers: coverage(sources) }));
  return (range) => (matching.find(({ covers }) => covers(range))?.access ?? 'Allow') === 'Allow';
}

/** Whether every protocol and port from a range gets through: no row that denies any of it stands above one that allows all. */
export function letsEverythingIn(rows: readonly Row[], range: Cidr): boolean {
  for (const { access, protocol, ports, sources, isPartial } of rows) {
    if (access === 'Deny' && touches(sources, range)) return false;
    if (
      access === 'Allow' &&
      isPartial !== true &&
      protocol === '*' &&
      ports.includes('*') &&
      coverage(sources)(range)
    )
      return true;
  }
  return true;
}

function touches(sources: readonly string[], range: Cidr): boolean {
  return sources.some((source) => {
    if (isWholeNetwork(source)) return true;
    const parsed = parseCidr(source);
    return parsed.ok && overlaps(parsed.value, range);
  });
}

function isRow(rule: SecurityRuleEvidence): rule is Row {
  return hasAll(rule, ...ROW_PARTS);
}

/** Whether a row's protocol takes this one in. */
export function isProtocol(written: string, wanted: string): boolean {
  return written === '*' || written.toLowerCase() === wanted.toLowerCase();
}

/** `*`, `443` and `4000-5000`, as Azure writes ports. */
export function isPort(written: string, wanted: number): boolean {
  const [first = '', last = first] = written.split('-');
  return written === '*' || (Number(first) <= wanted && wanted <= Number(last));
}

function coverage(sources: readonly string[]): (range: Cidr) => boolean {
  if (sources.some(isWholeNetwork)) return () => true;
  const exact = new Set(sources);
  const ranges = sources.flatMap((source) => {
    const parsed = parseCidr(source);
    return parsed.ok ? [parsed.value] : [];
  });
  return (range) => exact.has(formatCidr(range)) || ranges.some((source) => contains(source, range));
}
