import { aggregate, callFunction } from './functions.ts';
import { type Expression, type Named, type Query, type Step, parseQuery } from './parse.ts';
import { type Row, type Value, compare, datetime, keyOf, timed, timespan } from './values.ts';

/** Small tables, by name. */
export type Tables = Readonly<Record<string, readonly Row[]>>;

/** What a query answers at a moment, over tables that are complete: a table that is not there fails it, as in Azure. */
export function evaluateQuery(text: string, tables: Tables, nowMs: number): readonly Row[] {
  const query: Query = parseQuery(text);
  const lets: Record<string, Value> = {};
  for (const { name, is } of query.lets) lets[name] = valueOf(is, lets, nowMs);
  const table = tables[query.table];
  if (!table) throw new Error(`the workspace has no table ${query.table}`);
  return query.steps.reduce<readonly Row[]>((rows, step) => take(step, rows, lets, nowMs), table);
}

function take(step: Step, rows: readonly Row[], lets: Row, nowMs: number): readonly Row[] {
  const valueIn = (row: Row, is: Expression): Value => valueOf(is, { ...lets, ...row }, nowMs);
  const named = (row: Row, columns: readonly Named[]): Row =>
    Object.fromEntries(columns.map(({ name, is }) => [name, valueIn(row, is)]));
  switch (step.kind) {
    case 'where':
      return rows.filter((row) => valueIn(row, step.holds) === true);
    case 'extend':
      return rows.map((row) => ({ ...row, ...named(row, step.columns) }));
    case 'project':
      return rows.map((row) => named(row, step.columns));
    case 'distinct':
      return groupsOf(rows, step.columns).map(([key]) => key);
    case 'mv-expand':
      return rows.flatMap((row) => {
        const items = valueIn(row, step.column.is);
        return Array.isArray(items) ? items.map((item) => ({ ...row, [step.column.name]: item })) : [];
      });
    case 'summarize':
      return summarize(step, rows, valueIn);
    default:
      return step satisfies never;
  }
}

function summarize(
  { values, by }: Extract<Step, { kind: 'summarize' }>,
  rows: readonly Row[],
  valueIn: (row: Row, is: Expression) => Value,
): readonly Row[] {
  // Without `by`, a summary over no records is still a row.
  const groups = by.length === 0 ? [[{}, rows] as const] : groupsOf(rows, by);
  return groups.map(([key, members]) => {
    const answers = values.map(({ name, is }): Row => {
      const answer = summaryOf(is, members, valueIn);
      return isRow(answer) ? answer : { [name]: answer };
    });
    return Object.assign({}, key, ...answers) as Row;
  });
}

/** An aggregate over the rows of a group, or a sum with some: `sum(Quantity) / 1000`. */
function summaryOf(
  is: Expression,
  rows: readonly Row[],
  valueIn: (row: Row, is: Expression) => Value,
): Value | Row {
  if (is.kind === 'value') return is.value;
  if (is.kind === 'infix') {
    const [left, right] = [is.left, is.right].map((side) => summaryOf(side, rows, valueIn));
    return infix(is.sign, left as Value, () => right as Value);
  }
  if (is.kind !== 'call') throw new Error('a summary is made of aggregates');
  const columns = is.args.map((arg) => (arg.kind === 'name' ? arg.name : ''));
  const [first] = is.args;
  return aggregate(is.name, columns, rows, (row) => (first ? valueIn(row, first) : null));
}

function isRow(answer: Value | Row): answer is Row {
  return typeof answer === 'object' && answer !== null && !Array.isArray(answer) && !('ms' in answer);
}

function groupsOf(
  rows: readonly Row[],
  columns: readonly string[],
): readonly (readonly [Row, readonly Row[]])[] {
  const groups = new Map<string, { readonly key: Row; readonly members: Row[] }>();
  for (const row of rows) {
    const key = Object.fromEntries(columns.map((column) => [column, columnOf(row, column)]));
    const name = JSON.stringify(key);
    const group = groups.get(name) ?? { key, members: [] };
    group.members.push(row);
    groups.set(name, group);
  }
  return [...groups.values()].map(({ key, members }) => [key, members]);
}

function columnOf(row: Row, name: string): Value {
  const value = row[name];
  if (value === undefined) throw new Error(`there is no column ${name}, only ${Object.keys(row).join(', ')}`);
  return value;
}

function valueOf(expression: Expression, names: Row, nowMs: number): Value {
  const inner = (next: Expression): Value => valueOf(next, names, nowMs);
  switch (expression.kind) {
    case 'value':
      return expression.value;
    case 'name':
      return columnOf(names, expression.name);
    case 'call':
      return callFunction(expression.name, expression.args.map(inner), nowMs);
    case 'in': {
      const value = keyOf(inner(expression.of));
      return expression.list.some((item) => keyOf(inner(item)) === value) === expression.isIn;
    }
    case 'infix':
      return infix(expression.sign, inner(expression.left), () => inner(expression.right));
    default:
      return expression satisfies never;
  }
}

function infix(sign: string, left: Value, right: () => Value): Value {
  if (sign === 'and') return left === true ? right() : left === null && right() !== false ? null : false;
  if (sign === 'or') return left === true ? true : right() === true ? true : left === null ? null : right();
  const other = right();
  if ('+-*/'.includes(sign)) return arithmetic(sign, left, other);
  if (/^!?(has|contains|startswith)$|~$/.test(sign))
    return textual(sign, String(left ?? ''), String(other ?? ''));
  const order = compare(left, other);
  if (order === undefined) return null;
  const answers: Readonly<Record<string, boolean>> = {
    '==': order === 0,
    '!=': order !== 0,
    '<': order < 0,
    '<=': order <= 0,
    '>': order > 0,
    '>=': order >= 0,
  };
  return answers[sign] ?? null;
}

/** None of these cares for case. */
function textual(sign: string, left: string, right: string): boolean {
  if (sign.startsWith('!')) return !textual(sign === '!~' ? '=~' : sign.slice(1), left, right);
  const [text, part] = [left.toLowerCase(), right.toLowerCase()];
  switch (sign) {
    case '=~':
      return text === part;
    case 'contains':
      return text.includes(part);
    case 'startswith':
      return text.startsWith(part);
    case 'has':
      return hasTerm(text, part);
    default:
      throw new Error(`the operator ${sign} is not known here`);
  }
}

/** Whole terms alone: what stands before and behind is no letter and no digit. */
function hasTerm(text: string, term: string): boolean {
  const isInTerm = (character: string | undefined): boolean =>
    character !== undefined && /[\p{L}\p{N}]/u.test(character);
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    if (!isInTerm(text[at - 1]) && !isInTerm(text[at + term.length])) return true;
  }
  return false;
}

function arithmetic(sign: string, left: Value, right: Value): Value {
  if (left === null || right === null) return null;
  const [from, to] = [timed(left), timed(right)];
  if (from && to && sign === '-') {
    const ms = from.ms - to.ms;
    return from.kind === 'datetime' && to.kind === 'timespan' ? datetime(ms) : timespan(ms);
  }
  if (from && to && sign === '+') {
    const isMoment = from.kind === 'datetime' || to.kind === 'datetime';
    return isMoment ? datetime(from.ms + to.ms) : timespan(from.ms + to.ms);
  }
  if (typeof left !== 'number' || typeof right !== 'number') {
    throw new Error(`no ${sign} for ${keyOf(left)} and ${keyOf(right)} here`);
  }
  const results = { '+': left + right, '-': left - right, '*': left * right, '/': left / right };
  return results[sign as keyof typeof results];
}
