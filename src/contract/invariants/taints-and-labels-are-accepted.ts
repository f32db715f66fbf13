import { systemPoolLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText, nameText } from '../wording.ts';

const { allowed } = systemPoolLimits.taint;
/** As Kubernetes has it: an optional prefix that is a host name, then up to 63 characters. */
const KEY = /^(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/;
const VALUE = /^(?:[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?)?$/;
const EFFECT = /^(?:NoSchedule|PreferNoSchedule|NoExecute)$/;

export default invariant({
  id: 'taints-and-labels-are-accepted',
  title: 'Taints and labels of node pools are ones that AKS takes',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    `A system pool takes ${allowed} and soft taints, and no other (SystemPoolHasRestrictedTaint). A taint or ` +
    'label that is misspelt is refused by Azure alone, in the middle of an apply.',
  source:
    'github.com/Azure/AKS/issues/2578; kubernetes.io, working-with-objects/labels; azurerm 5.2.0, four gates.',
  kinds: ['terraform'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (!hasAll(pool, 'name', 'mode', 'taints')) {
        yield unsaid(pool, 'name', 'mode', 'taints');
        continue;
      }
      // AKS labels pools itself: labels that are known after the apply alone are none that somebody wrote.
      const { name, mode, taints, labels = {} } = pool;
      const place = placeOf(pool, 'taints');
      const malformed = taints.filter((taint) => !isTaint(taint));
      const hard =
        mode === 'System' ? taints.filter((taint) => isTaint(taint) && !isOfSystemPool(taint)) : [];
      const odd = Object.entries(labels).filter(([key, value]) => !KEY.test(key) || !VALUE.test(value));
      if (malformed.length > 0) {
        yield broken(place, `pool ${name} has a taint that is none: ${listText(malformed.map(nameText))}`, {
          help: 'write a taint like `team=shop:NoSchedule`',
        });
      }
      if (hard.length > 0) {
        yield broken(place, `the system pool ${name} has the taint ${listText(hard.map(nameText))}`, {
          help: `write ${allowed}, or move what needs the taint to a user pool`,
        });
      }
      if (odd.length > 0) {
        const words = listText(odd.map(([key, value]) => nameText(`${key}=${value}`)));
        yield broken(placeOf(pool, 'labels'), `pool ${name} has a label that Kubernetes refuses: ${words}`, {
          help: 'use up to 63 letters, digits, ., - and _ for the name and for the value',
        });
      }
      if (malformed.length + hard.length + odd.length === 0) yield held(place);
    }
  },
});

function isTaint(taint: string): boolean {
  const match = /^([^=:]+)(?:=([^=:]*))?:([^=:]+)$/.exec(taint);
  return match !== null && KEY.test(match[1]!) && VALUE.test(match[2] ?? '') && EFFECT.test(match[3]!);
}

function isOfSystemPool(taint: string): boolean {
  return taint === allowed || taint.endsWith(':PreferNoSchedule');
}
