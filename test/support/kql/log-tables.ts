import { type Row, type Value, datetime, timed } from './values.ts';

type ColumnType = 'string' | 'real' | 'int' | 'bool' | 'datetime';

/**
 * Columns of the tables that alerts read, of learn.microsoft.com, azure-monitor/reference/tables, 2026-07; of the
 * function _LogOperation: azure-monitor/logs/monitor-workspace.
 */
export const LOG_TABLES: Readonly<Record<string, Readonly<Record<string, ColumnType>>>> = {
  _LogOperation: columns('Category:string Operation:string Level:string Detail:string Computer:string'),
  Usage: columns(
    'DataType:string Quantity:real QuantityUnit:string IsBillable:bool StartTime:datetime EndTime:datetime',
  ),
  KubeEvents: columns(
    'ClusterId:string ClusterName:string Computer:string Count:real FirstSeen:datetime KubeEventType:string ' +
      'LastSeen:datetime Message:string Name:string Namespace:string ObjectKind:string Reason:string ' +
      'SourceComponent:string',
  ),
  KubeNodeInventory: columns(
    'ClusterId:string ClusterName:string Computer:string CreationTimeStamp:datetime KubeletVersion:string ' +
      'Labels:string LastTransitionTimeReady:datetime OperatingSystem:string Status:string',
  ),
  KubePodInventory: columns(
    'ClusterId:string ClusterName:string Computer:string ContainerID:string ContainerName:string ' +
      'ContainerRestartCount:int ContainerStatus:string ContainerStatusReason:string ControllerKind:string ' +
      'ControllerName:string Name:string Namespace:string PodCreationTimeStamp:datetime PodIp:string ' +
      'PodStartTime:datetime PodStatus:string PodUid:string',
  ),
  ContainerInstanceLog: columns(
    'ContainerGroup:string ContainerID:string ContainerImage:string ContainerName:string Message:string Source:string',
  ),
  ContainerAppConsoleLogs: columns(
    'ContainerAppName:string ContainerGroupName:string ContainerName:string EnvironmentName:string JobName:string ' +
      'Log:string RevisionName:string Stream:string',
  ),
};

function columns(text: string): Readonly<Record<string, ColumnType>> {
  const pairs = `TimeGenerated:datetime ${text}`.split(' ').map((pair) => pair.split(':'));
  return Object.fromEntries(pairs) as Record<string, ColumnType>;
}

/** What a test says of a record; moments as ISO texts. */
export type Said = Readonly<Record<string, string | number | boolean>>;

/** A whole record of a table. What is not said is empty, or null where it is no text. */
export function record(table: string, said: Said): Row {
  const types = LOG_TABLES[table];
  if (!types) throw new Error(`no columns of ${table} are known here`);
  const strange = Object.keys(said).find((name) => !(name in types));
  if (strange !== undefined) throw new Error(`${table} has no column ${strange}`);
  return Object.fromEntries(Object.entries(types).map(([name, type]) => [name, valueOf(type, said[name])]));
}

function valueOf(type: ColumnType, said: Said[string] | undefined): Value {
  if (said === undefined) return type === 'string' ? '' : null;
  if (type === 'datetime') return datetime(Date.parse(String(said)));
  const wanted = type === 'string' ? 'string' : type === 'bool' ? 'boolean' : 'number';
  if (typeof said !== wanted) throw new Error(`${String(said)} is no ${type}`);
  return said;
}

/** When a record was generated. */
export function generatedMs(row: Row): number {
  return timed(row.TimeGenerated ?? null)?.ms ?? 0;
}
