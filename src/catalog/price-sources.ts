import { storedFacts } from './stored-facts.ts';

type PriceSource = { readonly text: string; readonly date?: string };

/** What a source id stands for. An id that is not in the list is a bug in the data. */
export function sourceText(id: string): string {
  return source(id).text;
}

/** The day a whole snapshot was taken; sources of single rows carry the date in the row instead. */
export function sourceDate(id: string): string {
  const { date } = source(id);
  if (date === undefined) throw new Error(`price source ${id} has no date of its own`);
  return date;
}

/** All sources, by id. */
export function priceSources(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(sourceFile()).map(([id, { text }]) => [id, text]));
}

function source(id: string): PriceSource {
  const found = sourceFile()[id];
  if (found === undefined) throw new Error(`unknown price source ${id}`);
  return found;
}

function sourceFile(): Readonly<Record<string, PriceSource>> {
  return storedFacts('price-sources') as Readonly<Record<string, PriceSource>>;
}
