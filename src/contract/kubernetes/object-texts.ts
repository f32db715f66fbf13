import type { Path } from '../../base/finding.ts';
import type { TextEvidence } from '../evidence.ts';
import { nameText } from '../wording.ts';
import { isOf, type KubernetesObject } from './object.ts';
import { mapOf, textOf, valueAt } from './value-at.ts';

/** Keys of addresses from which code or charts are taken. */
const REPOSITORY_KEYS = new Set(['repoURL', 'sourceRepos', 'repository', 'repoUrl']);

/**
 * Last words of keys in chart values that hold a secret itself. Charts call references to Secrets by the same
 * words with others around them: `existingSecret`, `passwordKey`, `tokenSecretRef`.
 */
const SECRET_KEY =
  /(?:password|passwd|passphrase|token|api[-_]?key|access[-_]?key|account[-_]?key|private[-_]?key|client[-_]?secret|connection[-_]?string)$/i;

/** Every text of an object, each as what it is: a setting, an address, an image, or words. */
export function objectTexts(object: KubernetesObject): readonly TextEvidence[] {
  // Secrets are spoken of by their entries; an ExternalSecret names what the vault holds.
  if (isOf(object, '', 'Secret')) return [];
  const texts: TextEvidence[] = [];
  walk(object.value, object.path, texts, isOf(object, '', 'ConfigMap') ? ['data'] : []);
  return texts;
}

/** Every text among the values of a chart. */
export function valuesTexts(value: unknown, path: Path): readonly TextEvidence[] {
  const texts: TextEvidence[] = [];
  walk(value, path, texts, undefined);
  return texts;
}

/**
 * `settings`: the key below which every entry is a setting by its own name; undefined in chart values, where
 * the name of a key decides.
 */
function walk(
  value: unknown,
  path: Path,
  texts: TextEvidence[],
  settings: readonly string[] | undefined,
): void {
  if (typeof value === 'string') {
    texts.push(textAt(value, path, settings));
    return;
  }
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) walk(item, [...path, index], texts, settings);
    return;
  }
  const map = mapOf(value);
  if (map === undefined) return;
  const named = textOf(valueAt(map, 'name'));
  for (const [key, inner] of Object.entries(map)) {
    // An environment variable: its name stands beside its value.
    if (key === 'value' && named !== undefined && typeof inner === 'string') {
      texts.push({ path: [...path, key], name: named, value: inner, kind: 'setting' });
    } else walk(inner, [...path, key], texts, settings);
  }
}

function textAt(value: string, path: Path, settings: readonly string[] | undefined): TextEvidence {
  const names = path.filter((step) => typeof step === 'string');
  const name = names.at(-1) ?? '';
  const text = (kind: NonNullable<TextEvidence['kind']>): TextEvidence => ({
    path,
    name: kind === 'setting' ? name : nameText(name),
    value,
    kind,
  });
  if (REPOSITORY_KEYS.has(name)) return text('repository');
  if (name === 'image') return text('image');
  const isSetting = settings === undefined ? SECRET_KEY.test(name) : settings.includes(names.at(-2) ?? '');
  return text(isSetting ? 'setting' : 'prose');
}
