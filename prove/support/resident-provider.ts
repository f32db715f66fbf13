import { type RunningProcess, startProcess, waitFor } from './processes.ts';

/** An azurerm that was started once and serves many commands. */
export type ResidentProvider = {
  /** Value of TF_REATTACH_PROVIDERS. */
  readonly reattach: string;
  readonly process: RunningProcess;
};

/**
 * Starts a provider in the mode that it has for debuggers (plugin "reattach"). Terraform would start and end it several
 * times in each command, and read its schema each time: three quarters of the work of a plan. Its log and its socket lie
 * in the folder.
 */
export async function startResidentProvider(
  executable: string,
  folder: string,
  env: Readonly<Record<string, string>> = {},
  niceness = 0,
): Promise<ResidentProvider> {
  const provider = startProcess('azurerm', executable, ['-debuggable'], {
    cwd: folder,
    env: { ...env, PLUGIN_UNIX_SOCKET_DIR: folder },
    niceness,
  });
  const attempt = async (): Promise<string | undefined> => {
    const line = /TF_REATTACH_PROVIDERS='(.+)'/.exec(provider.output());
    if (line) return line[1];
    if (provider.ending() === undefined) return undefined;
    throw new Error(`${executable} ended: ${provider.ending()}\n${provider.lastLines()}`);
  };
  const reattach = await waitFor('the azurerm provider to start', attempt, { timeoutSeconds: 60 });
  return { reattach, process: provider };
}
