import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'webhook-survives-a-lost-pod',
  title: 'A webhook that must answer has two pods at least',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'With failurePolicy Fail the API server refuses what the webhook did not answer for. While its only pod ' +
    'moves to another node, no object of its kinds can be written or deleted: syncs and deletions of whole ' +
    'namespaces hang.',
  source: 'kubernetes.io, extensible-admission-controllers; External Secrets chart 2.9.0.',
  kinds: ['gitops', 'live'],
  needs: ['environment', 'webhooks'],
  *check({ environment, webhooks }) {
    for (const webhook of webhooks) {
      if (webhook.failurePolicy === 'Ignore') yield held(placeOf(webhook, 'failurePolicy'));
      else if (!hasAll(webhook, 'name', 'failurePolicy', 'replicas')) {
        yield unsaid(webhook, 'name', 'failurePolicy', 'replicas');
      } else if (webhook.replicas > 1) yield held(placeOf(webhook, 'replicas'));
      else {
        const pods = webhook.replicas === 1 ? 'one pod' : 'no pod';
        const message = `${webhook.name} must answer every write, and has ${pods}`;
        yield broken(placeOf(webhook, 'failurePolicy'), message, {
          severity: environment === 'production' ? 'error' : 'warning',
          help: 'give it two replicas and a disruption budget, or write `failurePolicy: Ignore`',
        });
      }
    }
  },
});
