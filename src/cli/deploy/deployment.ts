import { hostname, userInfo } from 'node:os';
import { dirname, resolve } from 'node:path';
import { checkoutAround } from '../../adapters/git/git.ts';
import { builtInPriceBook } from '../../catalog/price-book.ts';
import { rootPaths } from '../../deploy/roots.ts';
import type { Deployment } from '../../deploy/run.ts';
import { stateStoreOf } from '../../deploy/state-store.ts';
import type { Environment } from '../../fleet/fleet.ts';
import { planFleet } from '../../plan/plan.ts';
import { synthesize } from '../../plan/synthesize.ts';
import { renderFindingSection } from '../../report/plan-text.ts';
import { redacted } from '../../base/redaction.ts';
import { readFleet } from '../fleet-source.ts';
import { readRecordsOf } from '../record-files.ts';
import { EXIT, styleFor, type Terminal } from '../terminal.ts';
import { type WorkFolder, workedTree, workFolderOf } from './work-folder.ts';

export type DeploymentOptions = {
  readonly file: string;
  readonly environment: Environment;
  readonly state: 'azure' | 'local';
  readonly checkout?: string;
};

/** In place of what the file leaves open; preflight says what is missing. */
const NOWHERE = '00000000-0000-0000-0000-000000000000';

/**
 * The deployment that a fleet file asks for, and where it is worked on. An exit code, with the findings told, for a file
 * that is not sound and for a fleet that breaks its contract: what must not be planned is not deployed. What goes may
 * break it: a newer Bulkhead knows more of a contract, and a waiver ends.
 */
export async function readDeployment(
  options: DeploymentOptions,
  command: 'up' | 'down',
  terminal: Terminal,
): Promise<{ readonly deployment: Deployment; readonly folder: WorkFolder } | { readonly exitCode: number }> {
  const { file, environment } = options;
  const load = await readFleet(file, terminal);
  const records = readRecordsOf(file);
  const plan = planFleet(load, {
    environments: [environment],
    today: terminal.today,
    priceBook: builtInPriceBook,
    ...(records ? { records: records.records } : {}),
  });
  const errors = plan.findings.filter(({ severity }) => severity === 'error');
  const platform = plan.environments[0]?.platform;
  const isSound = platform !== undefined && load.findings.length === 0;
  if (!isSound || (command === 'up' && errors.length > 0)) {
    const findings = errors.length > 0 ? errors : load.findings;
    const sources = new Map([[file, load.document.text], ...(records?.sources ?? [])]);
    const style = styleFor(terminal.stderr, terminal.env);
    terminal.stderr.write(
      `${renderFindingSection(findings, redacted(sources, findings), style)}\nNothing was done.\n`,
    );
    return { exitCode: isSound ? EXIT.findings : EXIT.usage };
  }
  if (errors.length > 0) {
    terminal.stderr.write(
      'The fleet breaks its contract, as `bulkhead check` tells; it may go all the same.\n',
    );
  }
  const { names, fleet } = platform;
  const { subscription = NOWHERE, tenant = NOWHERE } = fleet.azure;
  const stateStore =
    options.state === 'local' ? ({ kind: 'local' } as const) : stateStoreOf(names, subscription);
  const folder = workFolderOf(file, names.stem);
  const checkout = options.checkout ?? (await checkoutAround(dirname(resolve(file)), terminal.env));
  const { BULKHEAD_GIT_TOKEN: gitToken, BULKHEAD_KEEPER_IMAGE: keeperImage } = terminal.env;
  return {
    folder,
    deployment: {
      platform,
      subscription,
      tenant,
      tree: workedTree(synthesize(platform), rootPaths(platform), stateStore),
      folder: folder.files,
      stateStore,
      ...(checkout === undefined ? {} : { checkout }),
      ...(gitToken ? { gitToken } : {}),
      ...(keeperImage ? { keeperImage } : {}),
      operator: `${userName(terminal.env)}@${hostname()}`,
    },
  };
}

/** A container may run as a number that no name belongs to. */
function userName(env: Terminal['env']): string {
  try {
    return userInfo().username;
  } catch {
    return env['USER'] ?? 'somebody';
  }
}
