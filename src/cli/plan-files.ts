import { openPlanFile } from '../adapters/plan-file.ts';
import { readShownFile, type ShownFileLoad } from '../contract/terraform/shown-file.ts';
import { UsageError } from './terminal.ts';

/** Reads plans and states, each once. One that cannot be read is a usage error; one that is none is a finding. */
export function readPlanFiles(paths: readonly string[]): readonly ShownFileLoad[] {
  return [...new Set(paths)].map((path) => {
    const opened = openPlanFile(path);
    if ('problem' in opened) throw new UsageError(opened.problem);
    return readShownFile(path, opened.chunks);
  });
}
