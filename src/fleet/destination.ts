import { type Cidr, parseCidr } from '../base/cidr.ts';
import { quote } from '../base/quote.ts';

/** Somebody outside of the fleet, among a workload's callers. */
export const INTERNET = 'internet';

/** What a workload calls: another workload of the fleet, a host by its name, or whatever has an address in a range. */
export type Destination =
  | { readonly kind: 'workload'; readonly name: string }
  | { readonly kind: 'host'; readonly host: string; readonly port: number }
  | { readonly kind: 'range'; readonly range: Cidr; readonly port: number };

const WORKLOAD = /^[a-z]([a-z0-9-]{0,51}[a-z0-9])?$/;
const HOST = /^(\*\.)?([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;

/** Reads `cart`, `api.example.com:443` or `10.9.0.0/24:5432`, or says in one sentence what is wrong with the text. */
export function parseDestination(text: string): Destination | string {
  const colon = text.lastIndexOf(':');
  if (colon < 0) {
    if (WORKLOAD.test(text)) return { kind: 'workload', name: text };
    return `${quote(text)} has no port; write a workload, or a host or range like api.example.com:443`;
  }
  const place = text.slice(0, colon);
  const port = /^[1-9][0-9]{0,4}$/.test(text.slice(colon + 1)) ? Number(text.slice(colon + 1)) : 0;
  if (port < 1 || port > 65535) return `${quote(text)} has no port between 1 and 65535`;
  if (place.includes('/')) {
    const parsed = parseCidr(place);
    return parsed.ok ? { kind: 'range', range: parsed.value, port } : `${quote(place)} ${parsed.problem}`;
  }
  if (/^[0-9.]+$/.test(place)) return `${quote(place)} is no range; write one address like 10.9.0.4/32`;
  if (place.length > 253 || !HOST.test(place)) {
    return `${quote(place)} is no host name; write it like api.example.com, or *.example.com`;
  }
  return { kind: 'host', host: place.toLowerCase(), port };
}
