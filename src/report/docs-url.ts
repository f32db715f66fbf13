import { invariants } from '../contract/invariants/index.ts';

/** Where the pages of `docs/reference/invariants` are read. */
const PAGES = 'https://bulkhead.dev/invariants/';

const ids: ReadonlySet<string> = new Set(invariants.map(({ id }) => id));

/** The page of an invariant: why it holds, how to mend or waive it. What is no invariant has none. */
export function docsUrl(id: string): string | undefined {
  return ids.has(id) ? PAGES + id : undefined;
}
