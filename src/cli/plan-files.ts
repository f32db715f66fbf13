import { openPlanFile } from '../adapters/plan-file.ts';
import { readShownFile, type ShownFileLoad } from '../contract/terraform/shown-file.ts';
import { UsageError } from './terminal.ts';

/**
 * Reads plans and states, each once. One that cannot be read is a usage error; one that is none is a finding. A root may
 * make nothing: that no file has a resource is a usage error, since nothing at all would be checked, and pass.
 */
export function readPlanFiles(paths: readonly string[]): readonly ShownFileLoad[] {
  const names = [...new Set(paths)];
  let hasResource = false;
  const loads = names.map((path) => {
    const opened = openPlanFile(path);
    if ('problem' in opened) throw new UsageError(opened.problem);
    const load = readShownFile(path, opened.chunks);
    hasResource ||= opened.namesResource() || (load.file?.instances.length ?? 0) > 0;
    return load;
  });
  const [first] = names;
  if (first !== undefined && !hasResource && loads.every(({ file }) => file !== undefined)) {
    const subject =
      names.length === 1 ? `${first} has no` : `none of the ${names.length} files of --terraform-plan has a`;
    throw new UsageError(
      `${subject} resource, so nothing of it can be checked; name the plan of a root that makes something, ` +
        'or its state after the apply',
    );
  }
  return loads;
}
