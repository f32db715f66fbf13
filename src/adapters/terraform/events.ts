/** One line of what `terraform -json` says: the fields that are read here. */
export type TerraformEvent = {
  readonly type: string;
  readonly '@message'?: string;
  readonly hook?: {
    readonly resource?: { readonly addr?: string };
    readonly action?: string;
    readonly elapsed_seconds?: number;
  };
  readonly diagnostic?: Diagnostic;
};

export type Diagnostic = {
  readonly severity: 'error' | 'warning';
  readonly summary: string;
  readonly detail?: string;
  readonly address?: string;
  readonly range?: { readonly filename: string; readonly start: { readonly line: number } };
};

/** The event in a line; undefined for a line that is none: Terraform prints some errors before it knows of `-json`. */
export function parseEvent(line: string): TerraformEvent | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const event = JSON.parse(line) as Partial<TerraformEvent>;
    return typeof event.type === 'string' ? (event as TerraformEvent) : undefined;
  } catch {
    return undefined;
  }
}

/** An action while it lasts, and when it is done. */
const VERBS: Readonly<Record<string, readonly [doing: string, done: string]>> = {
  create: ['creating', 'created'],
  update: ['updating', 'updated'],
  delete: ['destroying', 'destroyed'],
  replace: ['replacing', 'replaced'],
  read: ['reading', 'read'],
  import: ['importing', 'imported'],
};

/**
 * What a person who waits wants to know of an event: `azurerm_kubernetes_cluster.app1: creating, 4m10s`. Undefined
 * for the others.
 */
export function progressText({ type, hook, ...event }: TerraformEvent): string | undefined {
  const address = hook?.resource?.addr;
  const [doing, done] = VERBS[hook?.action ?? ''] ?? ['working', 'done'];
  const elapsed = elapsedText(hook?.elapsed_seconds ?? 0);
  switch (type) {
    case 'apply_start':
      return `${address}: ${doing}`;
    case 'apply_progress':
      return `${address}: ${doing}${elapsed}`;
    case 'apply_complete':
      return `${address}: ${done}${elapsed}`;
    case 'apply_errored':
      return `${address}: failed${elapsed}`;
    case 'refresh_start':
      return `${address}: reading`;
    case 'change_summary':
    case 'init_output':
      return lowerFirst(event['@message'] ?? '');
    case 'log':
      return /^acquiring state lock/i.test(event['@message'] ?? '')
        ? 'waiting for the lock of the state'
        : undefined;
    default:
      return undefined;
  }
}

function elapsedText(seconds: number): string {
  if (seconds < 1) return '';
  const minutes = Math.floor(seconds / 60);
  const rest = Math.floor(seconds % 60);
  return minutes === 0 ? `, ${rest}s` : `, ${minutes}m${String(rest).padStart(2, '0')}s`;
}

function lowerFirst(message: string): string | undefined {
  const text = message.trim().replace(/\.+$/, '');
  return text === '' ? undefined : text[0]!.toLowerCase() + text.slice(1);
}

/** A diagnostic in Terraform's own words and order: summary, address, place, detail. */
export function diagnosticText({ summary, detail = '', address, range }: Diagnostic): string {
  const places = [
    ...(address === undefined ? [] : [`  with ${address}`]),
    ...(range === undefined ? [] : [`  on ${range.filename} line ${range.start.line}`]),
  ].join(',\n');
  return [summary.trim(), places, detail.trim()].filter((part) => part !== '').join('\n');
}

/** What Terraform wrote for people on a failure, without the frame that it draws around it. */
export function plainErrorText(output: string): string {
  const lines = output.split('\n').map((line) => line.replace(/^[╷│╵] ?/, '').trimEnd());
  const first = lines.findIndex((line) => line.startsWith('Error: '));
  const text = (first === -1 ? lines : lines.slice(first)).join('\n').trim();
  return text.replace(/^Error: /, '').replace(/\n{2,}/g, '\n');
}
