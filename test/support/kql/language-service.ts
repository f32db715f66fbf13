import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createContext, runInContext } from 'node:vm';
import { LOG_TABLES } from './log-tables.ts';

/** What Microsoft's own reading of a query says of it. */
export type Reading = {
  readonly errors: readonly string[];
  /** Names and types of the columns that it answers with. */
  readonly columns: Readonly<Record<string, string>>;
};

type Read = (text: string, schemas: readonly (readonly [string, string])[]) => string;

let read: Read | undefined;

/**
 * Reads a query with the language service of Azure Data Explorer's own editor, against a workspace that has these
 * tables and no other.
 */
export function readByMicrosoft(text: string, tables: readonly string[]): Reading {
  read ??= loaded();
  const schemas = tables.map((table) => {
    const columns = Object.entries(LOG_TABLES[table] ?? {}).map(([name, type]) => `${name}:${type}`);
    return [table, `(${columns.join(', ')})`] as const;
  });
  return JSON.parse(read(text, schemas)) as Reading;
}

/** It was compiled from C# into scripts that define globals: it gets some of its own. */
function loaded(): Read {
  const require = createRequire(import.meta.url);
  const context = createContext({});
  const scripts = [
    require.resolve('@kusto/language-service-next/bridge.min.js'),
    require.resolve('@kusto/language-service-next/Kusto.Language.Bridge.min.js'),
  ];
  for (const path of scripts) {
    runInContext(readFileSync(path, 'utf8'), context, { filename: path });
  }
  return runInContext(READ, context) as Read;
}

const READ = `
(text, schemas) => {
  const { Symbols, GlobalState, KustoCode } = Kusto.Language;
  const all = (list) => Array.from({ length: list.Count }, (_, index) => list.getItem(index));
  const tables = schemas.map(([name, columns]) => Symbols.TableSymbol.From(columns).WithName(name));
  const database = new Symbols.DatabaseSymbol.ctor('workspace', tables);
  const code = KustoCode.ParseAndAnalyze(text, GlobalState.Default.WithDatabase(database));
  const errors = all(code.GetDiagnostics()).map(({ Code, Message }) => Code + ' ' + Message);
  const columns = code.ResultType?.Columns ? all(code.ResultType.Columns) : [];
  return JSON.stringify({
    errors,
    columns: Object.fromEntries(columns.map(({ Name, Type }) => [Name, Type.Name])),
  });
}`;
