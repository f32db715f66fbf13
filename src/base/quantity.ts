/** CPU and memory as Kubernetes writes them. CPU is in millicores, memory in MiB. */
const MEMORY_FACTORS_BYTES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** Reads `250m`, `2`, `0.5` as millicores. Undefined when the text is no CPU quantity or is not positive. */
export function parseCpuMillis(text: string): number | undefined {
  const match = /^(\d{1,7})(?:\.(\d{1,3}))?(m?)$/.exec(text);
  if (!match) return undefined;
  const [, whole = '', fraction = '', unit = ''] = match;
  if (unit === 'm') return fraction === '' && Number(whole) > 0 ? Number(whole) : undefined;
  const millis = Number(whole) * 1000 + Number(fraction.padEnd(3, '0'));
  return millis > 0 ? millis : undefined;
}

/** Reads `256Mi`, `1Gi`, `512M` as MiB, rounded up. Undefined when the text is no memory quantity or not positive. */
export function parseMemoryMiB(text: string): number | undefined {
  const match = /^(\d{1,15}(?:\.\d{1,3})?)([kMGT]|[KMGT]i)?$/.exec(text);
  if (!match) return undefined;
  const bytes = Number(match[1]) * (MEMORY_FACTORS_BYTES[match[2] ?? ''] ?? 1);
  return bytes > 0 ? Math.ceil(bytes / 2 ** 20) : undefined;
}

/** `250m` or `2`. */
export function formatCpu(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** `256Mi` or `2Gi`. */
export function formatMemory(mib: number): string {
  return mib % 1024 === 0 ? `${mib / 1024}Gi` : `${mib}Mi`;
}
