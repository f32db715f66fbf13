/** One word of a query. `at` is where it begins, for messages. */
export type Token = {
  readonly kind: 'name' | 'number' | 'timespan' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
};

const PATTERNS: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /\s+|\/\/[^\n]*/y],
  ['string', /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y],
  ['timespan', /time\([0-9.:]+\)|\d+(?:\.\d+)?(?:d|h|m|s|ms)\b/y],
  ['number', /\d+(?:\.\d+)?/y],
  ['name', /!?[A-Za-z_][A-Za-z0-9_]*~?/y],
  ['sign', /==|!=|=~|!~|<=|>=|[|()[\],;=<>+\-*/]/y],
];

/** The words of a query. Throws where it holds anything else. */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length;) {
    const found = wordAt(text, at);
    if (found.kind !== 'space') tokens.push({ kind: found.kind, text: found.text, at });
    at += found.text.length;
  }
  return [...tokens, { kind: 'end', text: '', at: text.length }];
}

function wordAt(text: string, at: number): { readonly kind: Token['kind'] | 'space'; readonly text: string } {
  for (const [kind, pattern] of PATTERNS) {
    pattern.lastIndex = at;
    const match = pattern.exec(text);
    if (match) return { kind, text: match[0] };
  }
  throw new Error(`no Kusto at ${JSON.stringify(text.slice(at, at + 20))}`);
}
