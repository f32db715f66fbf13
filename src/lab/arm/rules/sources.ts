export const REPORTS = 'public reports read 2026-11-22';
export const CODE_ASSUMED = 'the code is an assumption';
export const STATUS_ASSUMED = 'the status is an assumption';
/** azurerm sends it to Azure without a word: measured with `apply`. */
export const LET_THROUGH = 'azurerm 5.2.0 lets it through to Azure, 2026-11-22';

/** A page of Microsoft's documentation and its date, or the month in which it was read. */
export function learn(page: string, date: string): string {
  return `learn.microsoft.com, ${page}, ${date}`;
}

/** A page that was not read again for this: what stands here of it is background knowledge. */
export function unread(page: string): string {
  return `learn.microsoft.com, ${page}, not read again`;
}

/** A page about one error of AKS, read in August 2026. */
export function troubleshoot(page: string): string {
  return learn(`troubleshoot azure-kubernetes ${page}`, '2026-08');
}

/** An issue or a pull request, with the day of what it says. */
export function github(thread: string, date: string): string {
  return `github.com/${thread}, ${date}`;
}

/** Where a refusal is documented or reported, and which part of it is not. */
export function sources(...parts: readonly string[]): string {
  return parts.join('; ');
}
