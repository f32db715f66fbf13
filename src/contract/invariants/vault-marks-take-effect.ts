import { hasAll, type VaultMarkEvidence, type VaultReadEvidence, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { nameHelp, nameText } from '../wording.ts';

type Mark = With<VaultMarkEvidence, 'name' | 'hasLength'>;

export default invariant({
  id: 'vault-marks-take-effect',
  title: 'What the file says of a vault secret has an effect',
  adr: 'ADR-A03',
  severity: 'warning',
  why:
    'A secret is marked so that `up` makes it. Under a name that nothing reads the mark makes nothing, and the workload ' +
    'that was meant waits for a secret that nobody sets.',
  source: 'Names of vault secrets do not tell capitals: learn.microsoft.com, key-vault/general, 2026-01.',
  // Elsewhere nobody says who makes a secret.
  kinds: ['fleet'],
  needs: ['vaultMarks', 'vaultReads'],
  *check({ vaultMarks, vaultReads }) {
    for (const mark of vaultMarks) {
      if (hasAll(mark, 'name', 'hasLength')) yield judge(mark, vaultReads);
      else yield unsaid(mark, 'name', 'hasLength');
    }
  },
});

function judge(mark: Mark, reads: readonly VaultReadEvidence[]): Observation {
  const name = nameText(mark.name);
  const read = reads.find((one) => one.name?.toLowerCase() === mark.name.toLowerCase());
  if (read === undefined) {
    const names = reads.flatMap((one) => one.name ?? []);
    if (names.length < reads.length) return undetermined(mark.path, `whether anything reads ${name}`);
    return broken(mark.path, `nothing of the fleet reads ${name} from the vault, so nothing makes it`, {
      at: 'key',
      help: nameHelp(mark.name, names),
    });
  }
  if (read.maker === undefined) return unsaid(read, 'maker');
  if (read.maker === 'mesh-ca' || read.maker === 'fixed') {
    const how = read.maker === 'fixed' ? 'always the same' : 'once for all clusters';
    return broken(mark.path, `\`up\` makes ${name} itself, ${how}, whatever is said of it here`, {
      at: 'key',
      help: 'remove it',
    });
  }
  if (mark.hasLength && read.maker === 'person') {
    return broken(mark.path, `the length of ${name} has no effect: a person sets it`, {
      at: 'key',
      help: 'write `generate: true` beside it, or remove it',
    });
  }
  return held(mark.path);
}
