import { cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Arm } from '../../src/lab/arm/start.ts';
import { LOCAL_BACKEND, LOCAL_BACKEND_FILE } from '../../src/terraform/local-backend.ts';
import { temporaryFolder } from './processes.ts';
import { environmentWithVariables } from './terraform-variables.ts';
import { terraform } from './terraform.ts';

/** Values that a fleet's roots get from each other. */
const HANDED_DOWN: Readonly<Record<string, unknown>> = {
  egress_ip_addresses: ['20.0.0.4'],
  kubelet_identity: {
    client_id: '00000000-0000-0000-0000-000000000001',
    object_id: '00000000-0000-0000-0000-000000000002',
  },
  identity_client_id: '00000000-0000-0000-0000-000000000003',
};

/**
 * Plans a root with the real azurerm and gives what `terraform show -json` prints of the plan. The folder is
 * copied whole, so that modules beside the root are found; nothing in it is written to. Throws with
 * Terraform's words when it cannot be planned.
 */
export async function planRoot(folder: string, root: string, arm: Arm): Promise<string> {
  const workspace = temporaryFolder('plan');
  try {
    cpSync(folder, workspace.path, { recursive: true });
    const place = join(workspace.path, root);
    // A state that is kept nowhere: there is no storage account to keep it in.
    writeFileSync(join(place, LOCAL_BACKEND_FILE), LOCAL_BACKEND);
    const env = environmentWithVariables(arm, HANDED_DOWN);
    await succeed(place, ['init', '-input=false', '-no-color'], {});
    await succeed(place, ['plan', '-input=false', '-no-color', '-out=root.tfplan'], env);
    return await succeed(place, ['show', '-json', 'root.tfplan'], {});
  } finally {
    workspace.remove();
  }
}

async function succeed(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<string> {
  const { exitCode, stdout, stderr } = await terraform(folder, args, { env, timeoutSeconds: 300 });
  if (exitCode !== 0) throw new Error(`terraform ${args[0]} of ${folder}:\n${stderr || stdout}`);
  return stdout;
}
