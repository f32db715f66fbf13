import type { Platform } from '../model/platform.ts';
import type { Block } from './block.ts';
import type { Input } from './inputs.ts';
import type { Root } from './root.ts';

/** What a reviewer finds where, what goes in and out, and how the root is tried without Azure. */
export function rootReadme({ fleet }: Platform, root: Root): string {
  const { path, purpose, frame } = root;
  const outputs = outputsOf(root);
  const lines = [
    `# \`${path}\` of ${fleet.name}, ${fleet.environment}`,
    '',
    purpose,
    '',
    '| file | holds |',
    '| --- | --- |',
    ...Object.entries(root.about)
      .filter(([file]) => (root.files[file]?.length ?? 0) > 0)
      .map(([file, about]) => `| \`${file}\` | ${about} |`),
    '',
    '## Inputs',
    '',
    '| variable | is | comes from |',
    '| --- | --- | --- |',
    ...frame.inputs.map((input) => `| \`${input.name}\` | ${input.description} | ${originOf(input)} |`),
    '',
    ...(outputs.length === 0
      ? []
      : [
          '## Outputs',
          '',
          '| output | is |',
          '| --- | --- |',
          ...outputs.map(({ name, description }) => `| \`${name}\` | ${description} |`),
          '',
        ]),
    '## Tests',
    '',
    'They hold what should survive a change by hand. They mock the provider, so they ask nothing of Azure:',
    '',
    '```sh',
    'terraform init -backend=false',
    'terraform test',
    '```',
  ];
  return `${lines.join('\n')}\n`;
}

function originOf({ value, from }: Input): string {
  if (from !== undefined) return `\`foundation.auto.tfvars.json\`, written from its output \`${from}\``;
  return value === undefined ? 'whoever applies' : '`fleet.auto.tfvars.json`';
}

function outputsOf({ files }: Root): readonly { readonly name: string; readonly description: string }[] {
  const blocks = Object.values(files).flat();
  return blocks.filter(isOutput).map(({ labels, body }) => {
    const description = body.find((item) => item.kind === 'attribute' && item.name === 'description');
    const value = description?.kind === 'attribute' ? description.value : '';
    return { name: labels.join('.'), description: typeof value === 'string' ? value : '' };
  });
}

function isOutput(item: Root['files'][string][number]): item is Block {
  return item.kind === 'block' && item.type === 'output';
}
