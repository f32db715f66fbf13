import type { DecisionRecord } from './record.ts';

/** A file that is not there yet. */
export type NewFile = { readonly name: string; readonly text: string };

/** Digits of the first number in an empty folder, as MADR and adr-tools write it. */
const DIGITS = 4;
/** Longest part of a title that a file name takes: well under the 143 bytes of encrypted folders, in any script. */
const SLUG_MAX = 40;

/**
 * The next record of a folder, proposed today, in the sections of MADR 4. It takes the number after the highest one,
 * written as that one is. Undefined when the title has no letter or digit to make a name of.
 */
export function newRecord(
  title: string,
  records: readonly DecisionRecord[],
  today: string,
): NewFile | undefined {
  const slug = slugOf(title);
  if (slug === '') return undefined;
  // A heading is one line, and holds nothing that a terminal would act on.
  const heading = title.replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  return { name: `${nextNumber(records)}-${slug}.md`, text: recordText(heading, today) };
}

function nextNumber(records: readonly DecisionRecord[]): string {
  // Records with a letter, such as ADR-A01, are a series of their own.
  const numbered = records.flatMap(({ id, name }) => {
    const digits = /^ADR-(\d+)$/.exec(id)?.[1];
    return digits === undefined ? [] : [{ number: Number(digits), digits, name }];
  });
  const highest = numbered.toSorted((a, b) => b.number - a.number)[0];
  if (highest === undefined) return '1'.padStart(DIGITS, '0');
  const prefix = highest.name.slice(0, highest.name.indexOf(highest.digits));
  return prefix + String(highest.number + 1).padStart(highest.digits.length, '0');
}

/** `Use a queue!` as `use-a-queue`; letters of every script stay, as people search for them. */
function slugOf(title: string): string {
  const words =
    title
      .normalize('NFC')
      .toLowerCase()
      .match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  let slug = '';
  for (const word of words) {
    const longer = slug === '' ? word : `${slug}-${word}`;
    if ([...longer].length > SLUG_MAX) return slug === '' ? [...word].slice(0, SLUG_MAX).join('') : slug;
    slug = longer;
  }
  return slug;
}

function recordText(title: string, today: string): string {
  return `---
status: proposed
date: ${today}
---

# ${title}

## Context and Problem Statement

What has to be decided, and the facts that decide it, each with its source and date.

## Considered Options

* the first
* the second

## Decision Outcome

Chosen option: "the first", because …

### Consequences

* Good, because …
* Bad, because …

## More Information

Sources, and what would make us decide again.
`;
}
