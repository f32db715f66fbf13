import type { FileTree } from '../base/file-tree.ts';
import type { Platform } from '../model/platform.ts';
import { type Block, attr, block } from './block.ts';
import { rootReadme } from './root-readme.ts';
import { type Root, print } from './root.ts';

/** The files of a root, below its own folder. */
export function rootFiles(platform: Platform, root: Root): FileTree {
  const tree = new Map(root.frame.files);
  tree.set('backend.tf', print(platform, backend(platform, root)));
  for (const [name, blocks] of Object.entries(root.files)) {
    if (blocks.length > 0) tree.set(name, print(platform, blocks));
  }
  for (const [name, blocks] of Object.entries(root.tests)) {
    if (blocks.length > 0) tree.set(`tests/${name}`, print(platform, blocks));
  }
  tree.set('README.md', rootReadme(platform, root));
  return tree;
}

function backend({ fleet }: Platform, { path }: Root): readonly Block[] {
  return [
    block(
      'terraform',
      [],
      [
        block(
          'backend',
          ['azurerm'],
          [
            attr('key', `${fleet.name}/${fleet.environment}/${path}.tfstate`),
            attr(
              'use_azuread_auth',
              true,
              'The state is reached as a person or a CI identity, by no storage key.',
            ),
          ],
          'A state of its own: no apply of another root can break this one. `terraform init` takes the storage ' +
            'account and container from -backend-config; without them it stops, rather than keep a state locally.',
        ),
      ],
    ),
  ];
}
