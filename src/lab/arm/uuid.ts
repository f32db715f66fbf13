import { createHash } from 'node:crypto';

/**
 * A UUID made from a text: the same text gives the same one, so that a resource that is destroyed and made again has the
 * ids that it had, and two runs of one plan can be compared. Version and variant are those of RFC 9562, version 8.
 */
export function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text.toLowerCase()).digest('hex');
  const variant = ((Number.parseInt(hex[16]!, 16) & 0x3) | 0x8).toString(16);
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    variant + hex.slice(17, 20),
    hex.slice(20, 32),
  ];
  return parts.join('-');
}

/** Some hexadecimal digits made from a text, as Azure puts them into host names. */
export function digitsOf(text: string, count: number): string {
  return createHash('sha256').update(text.toLowerCase()).digest('hex').slice(-count);
}
