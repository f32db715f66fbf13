import { hasAll } from '../evidence.ts';
import type { TextEvidence } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';
import { isSecretByName, secretFormatOf } from '../secret-text.ts';

const HELP: Readonly<Record<NonNullable<TextEvidence['kind']>, string>> = {
  setting:
    'remove it, put a new value into the vault, and name it under the `secrets` of the workload: this one ' +
    'is known to everybody who reads the file or its history',
  repository:
    'write the address alone; the credential belongs in the vault, and a new one at that: this one is ' +
    'known to everybody who reads the file or its history',
  image: 'write the image alone: nodes pull with their own identity, and the credential must be replaced',
  prose: 'remove it and replace the credential: everybody who reads the file or its history knows it',
};

/** A setting of a chart or of an object, rather than of the fleet file. */
const SETTING_OF_OBJECT =
  'remove it, put a new value into the vault, and let an ExternalSecret bring it: this one is known to ' +
  'everybody who reads the tree or its history';

export default invariant({
  id: 'secrets-in-key-vault',
  alias: 'C4',
  title: 'Secrets live in Key Vault, never in a text that people write',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'What stands in a file is in Git for ever, in every clone, every log of CI and every rendered object, ' +
    'and nobody can rotate it there. A secret in the vault is read by one identity, leaves a trace when it ' +
    'is, and is replaced in one place. Texts are judged by their form and by their name; the finding never ' +
    'repeats the value.',
  source: 'Source design, section 7, C4; formats as their issuers document them, 2026-11.',
  needs: ['texts'],
  *check({ kind, texts }) {
    for (const text of texts) {
      if (!hasAll(text, 'name', 'value', 'kind')) {
        yield unsaid(text, 'name', 'value', 'kind');
        continue;
      }
      const format = secretFormatOf(text.value);
      const isOfObject = kind !== 'fleet' && text.kind === 'setting';
      const help = isOfObject ? SETTING_OF_OBJECT : HELP[text.kind];
      const name = text.kind === 'setting' ? nameText(text.name) : text.name;
      if (format !== undefined) {
        yield broken(text.path, `${name} holds ${format}`, { help, isSecret: true });
      } else if (text.kind === 'setting' && isSecretByName(text.name, text.value)) {
        yield broken(text.path, `${name} is a secret by its name, and its value stands here`, {
          help,
          isSecret: true,
        });
      } else yield held(text.path);
    }
  },
});
