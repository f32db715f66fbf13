import { hasAll, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';
import type { NodeChoiceEvidence } from '../kubernetes-evidence.ts';
import { nameText } from '../wording.ts';

const KEY = 'kubernetes.azure.com/scalesetpriority';

export default invariant({
  id: 'spot-label-is-spelled-out',
  title: `Spot nodes are chosen by ${KEY}=spot`,
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'AKS gives Spot nodes this label and this taint and no other. A key without the prefix, or another ' +
    'value, matches no node: a toleration opens nothing, an affinity points nowhere, and a selector leaves ' +
    'the pods Pending.',
  source: 'learn.microsoft.com, aks/spot-node-pool, 2026-08.',
  kinds: ['gitops', 'live'],
  needs: ['nodeChoices'],
  *check({ nodeChoices }) {
    for (const choice of nodeChoices) {
      if (!hasAll(choice, 'pods', 'by', 'key', 'values')) yield unsaid(choice, 'pods', 'by', 'key', 'values');
      else if (/scalesetpriority/i.test(choice.key)) yield judge(choice);
    }
  },
});

function judge(choice: With<NodeChoiceEvidence, 'pods' | 'by' | 'key' | 'values'>): Observation {
  const { pods, by, key, values, path } = choice;
  if (key !== KEY) {
    return broken(path, `the ${by} of ${pods} asks for ${nameText(key)}, which no node has`, {
      help: `write ${KEY}`,
    });
  }
  const wrong = values.find((value) => value !== 'spot');
  // Regular nodes are those without the label: a value for them matches none.
  return wrong === undefined
    ? held(path)
    : broken(path, `the ${by} of ${pods} asks for ${key}=${nameText(wrong)}, which no node has`, {
        help: 'write spot; nodes that are none have no such label',
      });
}
