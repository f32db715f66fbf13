import type { FederationEvidence } from '../evidence.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, lastStep, place, type Terms } from './terms.ts';
import { textAt, textsAt } from './values.ts';

const IDENTITY = 'azurerm_user_assigned_identity';

/** Whom the managed identities trust. */
export function federationsOf(terms: Terms): FederationEvidence[] {
  return terms.graph.managed('azurerm_federated_identity_credential').map((credential) => {
    const { values } = credential;
    return known<FederationEvidence>({
      path: place(credential),
      places: {
        audience: place(credential, 'audience'),
        subject: place(credential, 'subject'),
        issuerCluster: place(credential, 'issuer'),
      },
      identity: identityOf(terms, credential),
      name: textAt(values, 'name'),
      issuerCluster: issuerOf(terms, credential),
      subject: textAt(values, 'subject'),
      // Azure takes exactly one: several are one that is none.
      audience: textsAt(values, 'audience')?.join(', '),
      root: credential.file,
    });
  });
}

/** By its label, or by the last part of its id where another state makes it. */
function identityOf({ graph, labelOf }: Terms, credential: Instance): string | undefined {
  // azurerm 4 knows the second spelling alone.
  for (const attribute of ['user_assigned_identity_id', 'parent_id']) {
    const link = graph.link(credential, [attribute], IDENTITY);
    if (link.kind === 'resource') return labelOf(link.to);
    if (link.kind === 'elsewhere') return lastStep(link.id);
  }
  return undefined;
}

/** The cluster that signs the tokens; an issuer that is no cluster's stands for itself. */
function issuerOf({ graph, labelOf }: Terms, credential: Instance): string | undefined {
  const link = graph.link(credential, ['issuer'], CLUSTER);
  if (link.kind === 'resource') return labelOf(link.to);
  if (link.kind !== 'elsewhere') return undefined;
  const signer = graph
    .managed(CLUSTER)
    .find((cluster) => textAt(cluster.values, 'oidc_issuer_url') === link.id);
  return signer ? labelOf(signer) : link.id;
}
