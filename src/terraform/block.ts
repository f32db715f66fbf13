/**
 * Terraform as data: blocks, attributes and expressions, with the reason for them as a part of the model. The
 * constructors read like the HCL that hcl.ts prints from them, and a malformed name throws here, where it was
 * written.
 */

/** Tells nodes from objects: a Kubernetes object has a `kind` too, but no user's text can hold a symbol. */
export const NODE: unique symbol = Symbol('node');

/** HCL as it stands: a reference, or an operation that has no node of its own. Mostly one line. */
export type Code = { readonly [NODE]: 'code'; readonly text: string };

/** A function call. */
export type Call = { readonly [NODE]: 'call'; readonly name: string; readonly args: readonly Expression[] };

/** Text with values in it. A heredoc's text has no common indentation and ends in a newline. */
export type Template = { readonly [NODE]: 'template' | 'heredoc'; readonly parts: readonly Part[] };

/** One piece of a template: text as it is meant, never escaped, or the value to put there. */
export type Part = string | Code | Call;

/** An object, printed in the order of its keys. A key whose value is undefined is left out. */
export type ObjectMap = { readonly [key: string]: Expression | undefined };

export type Expression =
  | string
  | number
  | boolean
  | null
  | Code
  | Call
  | Template
  | readonly Expression[]
  | ObjectMap;

/** Why something is there: a comment above it, or `beside` it at the end of its line. */
type Comment = string | { readonly beside: string };

export type Attribute = {
  readonly kind: 'attribute';
  readonly name: string;
  readonly value: Expression;
  readonly why?: string;
  readonly beside?: string;
};

/** Attributes that belong together: one paragraph, under one comment where there is one. */
export type Group = {
  readonly kind: 'group';
  readonly attributes: readonly Attribute[];
  readonly why?: string;
};

/** A comment that stands alone: a file's header, or a scanner's directive. */
export type Remark = { readonly kind: 'remark'; readonly text: string };

export type Block = {
  readonly kind: 'block';
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: readonly Item[];
  readonly why?: string;
};

export type Item = Attribute | Group | Remark | Block;

/** What a list of items may hold besides them, so that `condition && block(...)` needs no spread. */
type Optional<T> = T | undefined | false;

const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_-]*$/;
const FUNCTION_NAME = /^[A-Za-z_][A-Za-z0-9_-]*(::[A-Za-z_][A-Za-z0-9_-]*)*$/;
const TRAVERSAL = /^[A-Za-z_][\w-]*(\.[A-Za-z_][\w-]*|\.\*|\[\*\]|\[\d+\]|\["[^"\\$%\p{Cc}]+"\])*$/u;

/**
 * `name = value`. An undefined value gives undefined, which `block` and `group` leave out. A comment above
 * makes the attribute a paragraph of its own; one that is `beside` a value of several lines goes above it as
 * well.
 */
export function attr(name: string, value: Expression, comment?: Comment): Attribute;
export function attr(name: string, value: Expression | undefined, comment?: Comment): Attribute | undefined;
export function attr(name: string, value: Expression | undefined, comment?: Comment): Attribute | undefined {
  requireName('attribute', name, IDENTIFIER);
  if (value === undefined) return undefined;
  if (comment === undefined) return { kind: 'attribute', name, value };
  if (typeof comment === 'string') return { kind: 'attribute', name, value, why: comment };
  return { kind: 'attribute', name, value, beside: comment.beside };
}

/** `type "label" { items }`. Throws when two attributes have one name, which Terraform refuses. */
export function block(
  type: string,
  labels: readonly string[],
  items: readonly Optional<Item>[],
  why?: string,
): Block {
  requireName('block type', type, IDENTIFIER);
  for (const label of labels) requireName(`label of ${type}`, label, IDENTIFIER);
  const body = items.filter(isPresent);
  const names = body.flatMap((item) => {
    if (item.kind === 'attribute') return [item.name];
    return item.kind === 'group' ? item.attributes.map(({ name }) => name) : [];
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`${[type, ...labels].join(' ')} has the attribute ${twice} twice`);
  return { kind: 'block', type, labels, body, ...(why === undefined ? {} : { why }) };
}

export function group(attributes: readonly Optional<Attribute>[], why?: string): Group {
  return {
    kind: 'group',
    attributes: attributes.filter(isPresent),
    ...(why === undefined ? {} : { why }),
  };
}

export function remark(text: string): Remark {
  return { kind: 'remark', text };
}

/** A reference such as `azurerm_subnet.nodes["app1"].id`, or a bare word such as `string`. */
export function ref(traversal: string): Code {
  requireName('reference', traversal, TRAVERSAL);
  return { [NODE]: 'code', text: traversal };
}

/**
 * Any other expression, on one line and as `terraform fmt` would have it: `var.zones == null ? [] :
 * var.zones`.
 */
export function raw(text: string): Code {
  if (/[\p{Cc}]|^\s|\s$|^$/u.test(text)) {
    throw new Error(`raw HCL must be one trimmed line: ${JSON.stringify(text)}`);
  }
  return { [NODE]: 'code', text };
}

/**
 * An expression that reads better over several lines, each as `terraform fmt` would have it if the first one began at
 * the margin. Where it stands within another expression its lines are joined.
 */
export function rawLines(...lines: readonly string[]): Code {
  if (lines.length < 2 || lines.some((line) => /[\p{Cc}]|\s$|^$/u.test(line)) || /^\s/.test(lines[0] ?? '')) {
    throw new Error(`raw HCL of several lines is not trimmed: ${JSON.stringify(lines)}`);
  }
  return { [NODE]: 'code', text: lines.join('\n') };
}

export function call(name: string, ...args: readonly Expression[]): Call {
  requireName('function', name, FUNCTION_NAME);
  return { [NODE]: 'call', name, args };
}

/** template`aks-${ref('var.name')}`: text and numbers are put in as text, the rest as `${...}`. */
export function template(literals: TemplateStringsArray, ...holes: readonly (Part | number)[]): Expression {
  const parts = joinParts(literals, holes);
  const [first] = parts;
  if (first === undefined) return '';
  return parts.length === 1 ? first : { [NODE]: 'template', parts };
}

/**
 * heredoc`...` for prose and queries of several lines. As with Terraform's own `<<-`, the indentation that
 * all lines share is no part of the value; nor are spaces at the ends of lines and blank lines around the
 * text.
 */
export function heredoc(literals: TemplateStringsArray, ...holes: readonly (Part | number)[]): Template {
  return { [NODE]: 'heredoc', parts: dedent(joinParts(literals, holes)) };
}

function joinParts(literals: readonly string[], holes: readonly (Part | number)[]): Part[] {
  return mergeText(
    literals.flatMap((literal, index) => {
      const hole = holes[index] ?? '';
      return [literal, typeof hole === 'number' ? String(hole) : hole];
    }),
  );
}

/** Joins neighbouring texts, so that the printer sees `$` and `{` together, and drops empty ones. */
function mergeText(parts: readonly Part[]): Part[] {
  const merged: Part[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === 'string' && typeof last === 'string') merged[merged.length - 1] = last + part;
    else if (part !== '') merged.push(part);
  }
  return merged;
}

function dedent(parts: readonly Part[]): Part[] {
  const lines: Part[][] = [[]];
  for (const part of parts) {
    const [head, ...rest] = typeof part === 'string' ? part.split('\n') : [part];
    lines.at(-1)!.push(head!);
    for (const text of rest) lines.push([text]);
  }
  const trimmed = lines.map((line) =>
    line.map((part, index) =>
      typeof part === 'string' && index === line.length - 1 ? part.trimEnd() : part,
    ),
  );
  const isBlank = (line: readonly Part[]): boolean => line.every((part) => part === '');
  while (trimmed.length > 0 && isBlank(trimmed[0]!)) trimmed.shift();
  while (trimmed.length > 0 && isBlank(trimmed.at(-1)!)) trimmed.pop();
  const margins = trimmed
    .filter((line) => !isBlank(line))
    .map(([first]) => (typeof first === 'string' ? first.length - first.trimStart().length : 0));
  const margin = Math.min(...margins);
  return mergeText(
    trimmed.flatMap((line) => [
      ...line.map((part, index) => (typeof part === 'string' && index === 0 ? part.slice(margin) : part)),
      '\n',
    ]),
  );
}

function isPresent<T extends Item>(item: Optional<T>): item is T {
  return item !== undefined && item !== false;
}

function requireName(what: string, name: string, pattern: RegExp): void {
  if (!pattern.test(name)) throw new Error(`${what} ${JSON.stringify(name)} is no valid HCL name`);
}
