import * as z from 'zod';
import { armTarget } from './id.ts';
import type { OperationFault } from './operations.ts';

const effect = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('refuse'),
    status: z.int().min(400).max(599),
    code: z.string().optional(),
    message: z.string().optional(),
    retryAfterSeconds: z.int().min(0).optional(),
  }),
  z.strictObject({ kind: z.literal('drop'), isStored: z.boolean().optional() }),
  z.strictObject({ kind: z.literal('delay'), milliseconds: z.int().min(0) }),
  z.strictObject({ kind: z.literal('slow'), milliseconds: z.int().min(0) }),
  z.strictObject({ kind: z.literal('fail'), code: z.string(), message: z.string().optional() }),
]);

const faultSchema = z.strictObject({
  methods: z.array(z.string()).optional(),
  type: z.string().optional(),
  path: z.string().optional(),
  from: z.int().min(1).optional(),
  times: z.union([z.int().min(1), z.literal('always')]).optional(),
  effect,
});

/**
 * Something that goes wrong, as plain JSON.
 *
 * - `methods`: of which requests; absent, of all.
 * - `type`, `path`: of requests for such a resource type, to such a path. `*` stands for anything; case is of no account.
 * - `from`: the first of these requests that it hits, 1 when absent; `times`: how many it hits, 1 when absent.
 * - `effect`: `refuse` answers with a status; `drop` cuts the connection, with `isStored` after the write is done; `delay`
 *   holds the answer back; `slow` makes the operation take longer; `fail` lets the operation fail in the end.
 */
export type Fault = Readonly<z.infer<typeof faultSchema>>;

type FaultEffect = Fault['effect'];

/** The faults of a lab, and how many requests each has seen. */
export type FaultPlan = { readonly faults: readonly Fault[]; readonly seen: number[] };

/** What the faults make of one request. */
export type Misfortune = {
  readonly refusal?: FaultEffect & { readonly kind: 'refuse' };
  readonly drop?: 'before' | 'after';
  readonly delayMs: number;
  readonly operation: OperationFault;
};

/** Reads faults out of JSON that has been parsed. Throws with all that is wrong, in one sentence. */
export function readFaults(value: unknown): readonly Fault[] {
  const { success, data, error } = z.array(faultSchema).safeParse(value);
  if (success) return data;
  const problems = error.issues.map(({ path, message }) => `${path.join('.') || 'the list'}: ${message}`);
  throw new Error(`these are no faults: ${problems.join('; ')}`);
}

export function faultPlan(faults: readonly Fault[]): FaultPlan {
  return { faults, seen: faults.map(() => 0) };
}

/** What happens to this request. Counts it. */
export function misfortuneOf(plan: FaultPlan, method: string, path: string): Misfortune {
  const hits = plan.faults.filter((fault, index) => {
    if (!matches(fault, method, path)) return false;
    const count = (plan.seen[index] = (plan.seen[index] ?? 0) + 1);
    const from = fault.from ?? 1;
    return count >= from && (fault.times === 'always' || count < from + (fault.times ?? 1));
  });
  return combined(hits.map((fault) => fault.effect));
}

function combined(effects: readonly FaultEffect[]): Misfortune {
  const only = <K extends FaultEffect['kind']>(kind: K): (FaultEffect & { kind: K })[] =>
    effects.filter((each): each is FaultEffect & { kind: K } => each.kind === kind);
  const sum = (list: readonly { readonly milliseconds: number }[]): number =>
    list.reduce((total, { milliseconds }) => total + milliseconds, 0);
  const refusal = only('refuse')[0];
  const drop = only('drop')[0];
  const failure = only('fail')[0];
  const message = failure?.message ?? 'The operation failed, since a fault was asked for.';
  return {
    ...(refusal ? { refusal } : {}),
    ...(drop ? { drop: drop.isStored === true ? ('after' as const) : ('before' as const) } : {}),
    delayMs: sum(only('delay')),
    operation: {
      slowMs: sum(only('slow')),
      ...(failure ? { failure: { code: failure.code, message } } : {}),
    },
  };
}

function matches({ methods, type, path: pattern }: Fault, method: string, path: string): boolean {
  if (methods && !methods.some((each) => each.toUpperCase() === method)) return false;
  if (pattern !== undefined && !isLike(path, pattern)) return false;
  return type === undefined || isLike(typeAsked(path), type);
}

/** The type of the resource that a path is about: of an action, of the one that acts. */
function typeAsked(path: string): string {
  const target = armTarget(path);
  if (!target) return '';
  if (target.kind === 'resource') return target.id.type;
  const isGroupScope = target.owner?.type === 'microsoft.resources/resourcegroups';
  return target.owner && !isGroupScope ? target.owner.type : target.type;
}

function isLike(text: string, pattern: string): boolean {
  const parts = pattern.split('*').map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join('.*')}$`, 'i').test(text);
}
