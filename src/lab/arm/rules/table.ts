import { rules } from './index.ts';

/** All rules as a Markdown table, for the reference: which types each judges, and where it is from. */
export function rulesTable(): string {
  const rows = rules.map(
    ({ id, types, source }) => `| \`${id}\` | ${types.map(shown).join(', ')} | ${source} |`,
  );
  return ['| rule | judges | source |', '| --- | --- | --- |', ...rows, ''].join('\n');
}

function shown(type: string): string {
  return type === '*' ? 'every type' : type.split('/').slice(1).join('/');
}
