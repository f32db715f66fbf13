import { textAt, valueAt } from '../body.ts';
import type { ArmResource } from '../resource.ts';
import { digitsOf } from '../uuid.ts';

/** The server application of AKS, for which every token to a cluster is made (learn.microsoft.com, kubelogin, 2026-02). */
const AKS_SERVER = '6dae42f8-4368-4678-94ff-3960e28e3630';

/**
 * A kubeconfig of the form that AKS answers: a client certificate and a token where local accounts are, kubelogin where
 * Entra is. Nothing answers at its address.
 */
export function kubeconfigOf({ id, body }: ArmResource, name: string): string {
  const isEntra = valueAt(body, 'properties', 'aadProfile', 'managed') === true && name !== 'clusterAdmin';
  const host = textAt(body, 'properties', 'privateFQDN') ?? textAt(body, 'properties', 'fqdn') ?? 'localhost';
  const user = `${name}_${id.resourceGroup}_${id.name}`;
  const encoded = (what: string): string =>
    Buffer.from(digitsOf(`${what} of ${id.key}`, 64)).toString('base64');
  const login = isEntra
    ? [
        '    exec:',
        '      apiVersion: client.authentication.k8s.io/v1beta1',
        '      command: kubelogin',
        '      args:',
        '      - get-token',
        '      - --environment',
        '      - AzurePublicCloud',
        '      - --server-id',
        `      - ${AKS_SERVER}`,
        '      - --login',
        '      - devicecode',
        '      env: null',
        '      provideClusterInfo: false',
      ]
    : [
        `    client-certificate-data: ${encoded('certificate')}`,
        `    client-key-data: ${encoded('key')}`,
        `    token: ${digitsOf(`token of ${id.key}`, 64)}`,
      ];
  return [
    'apiVersion: v1',
    'kind: Config',
    'clusters:',
    '- cluster:',
    `    certificate-authority-data: ${encoded('authority')}`,
    `    server: https://${host}:443`,
    `  name: ${id.name}`,
    'contexts:',
    '- context:',
    `    cluster: ${id.name}`,
    `    user: ${user}`,
    `  name: ${id.name}`,
    `current-context: ${id.name}`,
    'preferences: {}',
    'users:',
    `- name: ${user}`,
    '  user:',
    ...login,
    '',
  ].join('\n');
}
