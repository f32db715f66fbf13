import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtInPriceBook } from '../src/catalog/price-book.ts';
import { checkContract } from '../src/contract/check.ts';
import { evidenceFromPlatform } from '../src/contract/evidence-from-platform.ts';
import { invariants } from '../src/contract/invariants/index.ts';
import { fleetIn, loadFleetFile } from '../src/fleet/load.ts';
import { buildPlatform } from '../src/model/build.ts';
import { fleetYaml } from './fleet.ts';

/**
 * Whole-process figures: what a person waits for, start of Node included. Each command runs once to warm the disk,
 * then several times; the table quotes medians. `node -e 0` runs in the same session, as the floor nothing can beat.
 * With --write, the table goes into README.md and README.ko.md.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const cli = join(root, 'dist/bin/bulkhead.js');
const RUNS = 7;
/** On exit, the process tells its own peak memory on descriptor 3, in KiB. */
const TELL_MEMORY =
  "data:text/javascript,import fs from 'node:fs';process.on('exit',()=>fs.writeSync(3,String(process.resourceUsage().maxRSS)))";

type Figures = {
  readonly name: string;
  readonly milliseconds: number;
  readonly mebibytes: number;
  readonly budget: string;
};

const folder = mkdtempSync(join(tmpdir(), 'bulkhead-bench-'));
try {
  const fleet = (clusters: number): string => {
    const path = join(folder, `fleet-${clusters}.yaml`);
    writeFileSync(path, fleetYaml(clusters));
    return path;
  };
  const atlas = join(root, 'examples/atlas/fleet.yaml');
  const figures = [
    measure('node -e 0, nothing of ours', ['-e', '0'], ''),
    measure('bulkhead --help', [cli, '--help'], '120 ms'),
    measure('bulkhead plan, atlas (3 clusters)', [cli, 'plan', atlas], '300 ms'),
    ...[10, 50, 200].map((clusters) =>
      measure(
        `bulkhead plan, ${clusters} clusters`,
        [cli, 'plan', fleet(clusters)],
        clusters === 200 ? '1500 ms, 300 MiB' : '',
      ),
    ),
    measure('bulkhead plan --out, atlas', [cli, 'plan', atlas, '--out', join(folder, 'out')], ''),
    measure('bulkhead check, 200 clusters', [cli, 'check', fleet(200)], ''),
    measure('bulkhead diff, atlas', [cli, 'diff', atlas, atlas], '500 ms'),
  ];
  const table = tableOf(figures, contractMilliseconds(fleetYaml(200)));
  console.log(table);
  if (process.argv.includes('--write'))
    for (const name of ['README.md', 'README.ko.md']) replaceTable(join(root, name), table);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function measure(name: string, args: readonly string[], budget: string): Figures {
  const times: number[] = [];
  const memory: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const start = process.hrtime.bigint();
    const { status, stderr, output } = spawnSync(process.execPath, ['--import', TELL_MEMORY, ...args], {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
    });
    const elapsed = Number(process.hrtime.bigint() - start) / 1e6;
    if (status !== 0) throw new Error(`${name} ended with ${status}: ${stderr}`);
    if (run === 0) continue;
    times.push(elapsed);
    memory.push(Number(output[3]) / 1024);
  }
  return { name, milliseconds: median(times), mebibytes: median(memory), budget };
}

/** All invariants over one environment of a fleet, within this process, warm. */
function contractMilliseconds(text: string): number {
  const load = loadFleetFile('fleet.yaml', Buffer.from(text));
  const platform = buildPlatform(fleetIn(load, 'production')!.fleet);
  const evidence = evidenceFromPlatform(platform);
  const prices = builtInPriceBook(platform.fleet.region);
  const times = Array.from({ length: RUNS + 1 }, () => {
    const start = process.hrtime.bigint();
    checkContract(invariants, evidence, { prices }, { list: [], today: '2026-11-22' });
    return Number(process.hrtime.bigint() - start) / 1e6;
  });
  return median(times.slice(1));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)]!;
}

function tableOf(figures: readonly Figures[], contract: number): string {
  const { model } = cpus()[0]!;
  const rows = figures.map(
    ({ name, milliseconds, mebibytes, budget }) =>
      `| ${name} | ${milliseconds.toFixed(0)} ms | ${mebibytes.toFixed(0)} MiB | ${budget} |`,
  );
  return [
    '| command, whole process | median of 7 | peak memory | budget |',
    '| --- | ---: | ---: | --- |',
    ...rows,
    `| all invariants, 200 clusters, within a process | ${contract.toFixed(0)} ms | | 300 ms |`,
    '',
    `Node ${process.version}, ${cpus().length} cores (${model.trim()}).`,
  ].join('\n');
}

function replaceTable(path: string, table: string): void {
  const text = readFileSync(path, 'utf8');
  const marked = /(<!-- begin: bench -->\n)[\s\S]*?(<!-- end: bench -->)/;
  if (!marked.test(text)) throw new Error(`${path} has no place for the bench table`);
  writeFileSync(
    path,
    text.replace(marked, (_, begin: string, end: string) => `${begin}${table}\n${end}`),
  );
}
