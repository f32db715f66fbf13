import type { NewFile } from './new-record.ts';
import { idOf } from './record.ts';

/**
 * A record that comes with Bulkhead, as a fleet's own: accepted today, and without the links into Bulkhead's
 * repository, which lead nowhere from here. Links to `siblings`, which come along, stay.
 */
export function adoptedRecord(shipped: NewFile, siblings: readonly string[], today: string): NewFile {
  const text = shipped.text
    .replace(/^- Date: .*$/m, `- Date: ${today}\n${ORIGIN}`)
    .replaceAll(/\[([^\]]+)\]\(([^)\s]+)\)/g, (link, words: string, target: string) =>
      /^[a-z]+:/.test(target) || siblings.includes(target) ? link : `Bulkhead's ${words}`,
    );
  return { name: shipped.name, text };
}

const ORIGIN =
  '- Source design: the article "[K8s 아키텍처] AKS 멀티클러스터 설계: Azure 클라우드 환경" (in Korean); facts and ' +
  'wording\n  as shipped with Bulkhead';

/** The shipped record of that id, e.g. `ADR-A02`, if there is one. */
export function shippedRecord(id: string, shipped: readonly NewFile[]): NewFile | undefined {
  return shipped.find(({ name }) => idOf(name) === id.toUpperCase());
}
