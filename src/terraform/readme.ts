import type { Platform } from '../model/platform.ts';
import { LOCAL_BACKEND, LOCAL_BACKEND_FILE } from './local-backend.ts';
import type { Root } from './root.ts';

/** How a person applies the roots, and in which order. */
export function readme({ fleet, clusters }: Platform, roots: readonly Root[]): string {
  const hasKeeper = roots.some(({ path }) => path === 'keeper');
  const [first] = clusters;
  const cluster = first?.name ?? 'mgmt';
  const order = [
    '`foundation`',
    '`clusters/*`, in any order or side by side',
    ...(hasKeeper ? ['`keeper`'] : []),
  ];
  const open = openInputs(roots);
  const lines = [
    `# Terraform of ${fleet.name}, ${fleet.environment}`,
    '',
    'Apply these roots in this order:',
    '',
    ...order.map((each, index) => `${index + 1}. ${each}`),
    '',
    'Each root has a state of its own and is planned alone: what it needs of another is computed from names, or stands',
    'in a small file of variables. Terraform 1.11 or newer, or OpenTofu 1.11 or newer; azurerm 5.',
    '',
    '```sh',
    'terraform -chdir=foundation init -backend-config=resource_group_name=... \\',
    '  -backend-config=storage_account_name=... -backend-config=container_name=...',
    'terraform -chdir=foundation apply',
    'terraform -chdir=foundation output -json cluster_inputs \\',
    `  | jq '.["${cluster}"]' > clusters/${cluster}/foundation.auto.tfvars.json`,
    ...(hasKeeper
      ? ['terraform -chdir=foundation output -json keeper_inputs > keeper/foundation.auto.tfvars.json']
      : []),
    '```',
    '',
    'What the roots hold, and what each takes and gives, stands in their own READMEs. Each brings tests that ask nothing of',
    'Azure: `terraform -chdir=foundation init -backend=false && terraform -chdir=foundation test`.',
    '',
    `To plan without a shared state, put this into a file \`${LOCAL_BACKEND_FILE}\` of the root:`,
    '',
    '```hcl',
    ...LOCAL_BACKEND.trimEnd().split('\n'),
    '```',
    '',
    ...(open.length === 0 ? [] : ['## What is still to be said', '', ...open, '']),
    '## What to know',
    '',
    '- A stopped cluster takes no change: wake the fleet before an apply.',
    ...(fleet.network.cni === 'cilium'
      ? [
          '- Nodes are NotReady after the apply, until Cilium runs: bootstrap/<cluster>/README.md goes on from there.',
        ]
      : []),
    ...(fleet.network.apiServer === 'private'
      ? [
          '- API servers answer within the VNet alone: bootstrap runs from there, or over a VPN that leads there.',
        ]
      : []),
    fleet.environment === 'production'
      ? '- The vault is reached from within the VNet only, and its name stays taken for 90 days after a destroy.'
      : '- The vault is reached from `operator_ip_ranges`; its name stays taken for 7 days after a destroy.',
  ];
  return `${lines.join('\n')}\n`;
}

/** Variables that neither the fleet file nor the foundation fills. */
function openInputs(roots: readonly Root[]): readonly string[] {
  const rootsByInput = new Map<string, string[]>();
  const descriptions = new Map<string, string>();
  for (const { path, frame } of roots) {
    const folder = path.startsWith('clusters/') ? 'clusters/*' : path;
    for (const { name, value, from, description } of frame.inputs) {
      if (value !== undefined || from !== undefined) continue;
      descriptions.set(name, description);
      const folders = rootsByInput.get(name) ?? [];
      if (!folders.includes(folder)) rootsByInput.set(name, [...folders, folder]);
    }
  }
  return [...rootsByInput].map(
    ([name, folders]) =>
      `- \`${name}\` (${folders.map((folder) => `\`${folder}\``).join(', ')}): ${descriptions.get(name)}`,
  );
}
