import * as z from 'zod';
import { parseCidr } from '../base/cidr.ts';
import { quote } from '../base/quote.ts';
import { parseCpuMillis, parseMemoryMiB } from '../base/quantity.ts';
import { parseAwakeHours } from './awake-hours.ts';
import { parseDestination } from './destination.ts';
import { parseNodeRange } from './node-range.ts';

/**
 * The small languages inside the fleet file. Each is a string (or number) whose text is read here once to judge it and
 * once in `resolve` to use it; the schema itself transforms nothing, so its JSON Schema says what people write.
 */
function written(
  description: string,
  pattern: RegExp,
  examples: string[],
  problemOf: (text: string) => string | undefined,
) {
  return z
    .string()
    .superRefine((text, context) => {
      const problem = problemOf(text);
      if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
    })
    .meta({ description, pattern: pattern.source, examples });
}

export const cidrText = (description: string) =>
  written(description, /^[0-9.]+\/[0-9]{1,2}$/, ['10.1.0.0/16'], (text) => {
    const parsed = parseCidr(text);
    return parsed.ok ? undefined : `${quote(text)} ${parsed.problem}`;
  });

export const cpuText = written(
  'CPU, as Kubernetes writes it.',
  /^[0-9]+(\.[0-9]{1,3})?m?$/,
  ['250m', '1'],
  (text) =>
    parseCpuMillis(text) === undefined
      ? `${quote(text)} is no CPU quantity; write it like 250m or 1`
      : undefined,
);

export const memoryText = written(
  'Memory, as Kubernetes writes it.',
  /^[0-9]+(\.[0-9]{1,3})?([kMGT]|[KMGT]i)?$/,
  ['256Mi', '1Gi'],
  (text) =>
    parseMemoryMiB(text) === undefined
      ? `${quote(text)} is no memory quantity; write it like 256Mi or 1Gi`
      : undefined,
);

export const nodeRangeText = z
  .union([
    z.int().min(1).max(1000),
    written('How many nodes, least..most.', /^[0-9]{1,4}\.\.[0-9]{1,4}$/, ['2..5'], (text) => {
      const parsed = parseNodeRange(text);
      return typeof parsed === 'string' ? parsed : undefined;
    }),
  ])
  .meta({
    description: 'Nodes that the pods are planned for, over all sizes: a number, or least..most, e.g. 2..5.',
  });

export const destinationText = written(
  'A workload, a host with its port, or a range with a port.',
  /^([a-z][a-z0-9-]*|[^:\s]+:[0-9]{1,5})$/,
  ['cart', 'api.example.com:443', '10.9.0.0/24:5432'],
  (text) => {
    const parsed = parseDestination(text);
    return typeof parsed === 'string' ? parsed : undefined;
  },
);

export const awakeText = written(
  'When the fleet is awake: days and hours.',
  /^[A-Z][a-z]{2}(-[A-Z][a-z]{2})?(,[A-Z][a-z]{2}(-[A-Z][a-z]{2})?)* [0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$/,
  ['Mon-Fri 08:00-20:00'],
  (text) => {
    const parsed = parseAwakeHours(text);
    return typeof parsed === 'string' ? parsed : undefined;
  },
);
