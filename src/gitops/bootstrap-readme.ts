import { formatCidr } from '../base/cidr.ts';
import { chart } from '../catalog/charts.ts';
import type { ClusterPlan, ComponentId, Platform } from '../model/platform.ts';
import { MESH_CA_SECRETS as MESH_CA, vaultSecrets } from '../model/vault-secrets.ts';
import { ARGO_CD_NAMESPACE } from './application-set.ts';
import { checkoutOf } from './checkout.ts';
import { argoCdIdentity, type ClusterAnnotation, clientIdCommand, clusterFacts } from './cluster-facts.ts';
import { type ClusterSecret, clusterSecret } from './cluster-secret.ts';
import { argoCdIdentityValues } from './components/argo-cd.ts';
import { MONITORING_NAMESPACE } from './components/kube-prometheus-stack.ts';
import { valuesFile } from './component-sets.ts';
import { renderYaml } from './yaml.ts';

/** One step of a person: text, and what to type. */
type Step = { readonly title: string; readonly text: string; readonly shell?: readonly string[] };

/** Under Argo CD's own name, so that Argo CD adopts the objects and no field gets a second owner. */
const APPLY = 'kubectl apply --server-side --force-conflicts --field-manager=argocd-controller --filename';
const ROLLOUT = 'kubectl --namespace kube-system rollout status';

/** How a person brings up one cluster by hand, in the order in which it works. */
export function bootstrapReadme(platform: Platform, cluster: ClusterPlan): string {
  const steps = [
    signIn(cluster),
    ...(cluster.mesh ? [meshCa(platform)] : []),
    ...(runs(cluster, 'cilium') ? [network(cluster)] : []),
    ...(cluster.mesh && cluster.mesh.peers.length > 0 ? [meshAddress(cluster.mesh.address)] : []),
    ...(cluster.role === 'mgmt' ? [secretsInVault(platform), ...argoCd(platform, cluster)] : []),
    registration(platform, cluster),
    ...(cluster.role === 'mgmt' ? [root(), lookAtIt(platform)] : []),
  ];
  const text = [
    `# Bootstrap of ${cluster.name} (${platform.fleet.name}, ${platform.fleet.environment})`,
    'Written by Bulkhead from the fleet file: what comes after Terraform has made the cluster, as commands for a ' +
      'POSIX shell, to be run from this folder, in this order.',
    'The values files are the ones that Argo CD goes on using. Render and apply as shown: `helm ' +
      'install` would leave ' +
      'Helm behind as a second owner, and what is later dropped from Git would stay in the cluster.',
    overview(cluster),
    ...steps.map(printStep),
  ];
  return `${text.join('\n\n')}\n`;
}

function printStep({ title, text, shell }: Step, index: number): string {
  const heading = `## ${index + 1}. ${title}\n\n${text}`;
  return shell ? `${heading}\n\n\`\`\`sh\n${shell.join('\n')}\n\`\`\`` : heading;
}

function overview(cluster: ClusterPlan): string {
  const peers = cluster.mesh?.peers.map((peer) => `${peer.cluster} at ${peer.address}:${peer.port}`) ?? [];
  const rows = [
    ['AKS', `${cluster.resourceName} in ${cluster.resourceGroup}, Kubernetes ${cluster.kubernetesVersion}`],
    ['role', `${cluster.role}, tier ${cluster.tier}`],
    ['pods', `${formatCidr(cluster.podRange)}, a /${cluster.podMaskPerNode} for each node`],
    ...(cluster.mesh ? [['mesh', `id ${cluster.id}, address ${cluster.mesh.address}`]] : []),
    ...(peers.length > 0 ? [['peers', peers.join(', ')]] : []),
  ];
  return ['| | |', '| --- | --- |', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

function signIn(cluster: ClusterPlan): Step {
  return {
    title: 'Sign in',
    text:
      'There are no local accounts. The last line says yes up to five minutes after Terraform gave the ' +
      'role.',
    shell: [
      `az aks get-credentials --resource-group ${cluster.resourceGroup} --name ${cluster.resourceName}`,
      'kubelogin convert-kubeconfig --login azurecli',
      "kubectl auth can-i '*' '*' --all-namespaces",
    ],
  };
}

function vaultName({ names }: Platform): string {
  return `VAULT=$(az keyvault list --resource-group ${names.resourceGroup} --output tsv --query '[0].name')`;
}

/** From where the vault answers: Terraform closes it in production. */
function vaultReach({ fleet }: Platform): string {
  return fleet.environment === 'production'
    ? 'The vault answers within the VNet only: run this from a machine in it, or from one that reaches it by VPN.'
    : 'The vault answers to the operators of the fleet file and within the VNet.';
}

function meshCa(platform: Platform): Step {
  const show = (name: string): string =>
    `az keyvault secret show --vault-name "$VAULT" --name ${name} --output tsv --query value`;
  return {
    title: 'The CA of the mesh',
    text:
      'All clusters of the mesh share one CA, kept in the vault and never in Git. It cannot come from ' +
      'External Secrets: ' +
      'there is no network yet. If the vault has none *and no cluster of the fleet has the Secret ' +
      '`cilium-ca`*, make one ' +
      `with openssl and store it there as \`${MESH_CA.certificate}\` and \`${MESH_CA.key}\`. ` +
      `A second CA splits the mesh. ${vaultReach(platform)}`,
    shell: [
      'umask 077',
      vaultName(platform),
      `${show(MESH_CA.certificate)} > ca.crt`,
      `${show(MESH_CA.key)} > ca.key`,
      'kubectl --namespace kube-system create secret generic cilium-ca --from-file=ca.crt --from-file=ca.key',
      'rm ca.crt ca.key',
    ],
  };
}

function network(cluster: ClusterPlan): Step {
  return {
    title: 'The network',
    text:
      'Until Cilium runs, every node is NotReady and no pod has an address. konnectivity carries ' +
      'webhooks, `exec` and ' +
      'logs: they work only after it.',
    shell: [
      ...install(cluster, 'cilium', []),
      'kubectl wait node --all --for=condition=Ready --timeout=10m',
      `${ROLLOUT} deployment/coredns --timeout=5m`,
      `${ROLLOUT} deployment/konnectivity-agent --timeout=5m`,
    ],
  };
}

function meshAddress(address: string): Step {
  const path = "jsonpath='{.status.loadBalancer.ingress[0].ip}'";
  return {
    title: 'The address of the mesh',
    text: `This must print ${address}: the peers were rendered with it.`,
    shell: [`kubectl --namespace kube-system get service clustermesh-apiserver --output ${path}`],
  };
}

/** The vault secrets that the tree reads; nothing here ever holds a value. */
function secretsInVault(platform: Platform): Step {
  const { environment } = platform.fleet;
  const names = vaultSecrets(platform).flatMap(({ name, source }) => (source === 'mesh-ca' ? [] : [name]));
  return {
    title: 'Secrets in the vault',
    text:
      names.length === 0
        ? 'The tree reads none.'
        : `The tree reads these; each must be in the vault before what needs it can start: ${names
            .map((name) => `\`${name}\``)
            .join(
              ', ',
            )}. With the fleet file at hand, \`bulkhead secrets list -e ${environment}\` says which are ` +
          'missing, `bulkhead secrets generate` makes those that nobody has to know, and `bulkhead secrets set` ' +
          'takes one from a person.',
  };
}

function argoCd(platform: Platform, cluster: ClusterPlan): readonly Step[] {
  const namespaced = `kubectl --namespace ${ARGO_CD_NAMESPACE}`;
  const { repo } = checkoutOf(platform.fleet);
  const isByToken = repo.startsWith('https://');
  return [
    {
      title: 'What Argo CD needs first',
      text:
        'The workload-identity webhook, or its pods start without a token. The password of its Redis, ' +
        'made here once ' +
        'and known to nobody. Of a private repository the credential; rotate it where it is issued.',
      shell: [
        `${ROLLOUT} deployment/azure-wi-webhook-controller-manager --timeout=5m`,
        `${APPLY} ../../gitops/clusters/${cluster.name}/namespaces.yaml`,
        // By standard input: whoever lists the processes of the machine reads their arguments.
        `openssl rand -hex 32 | tr -d '\\n' | ${namespaced} create secret generic argocd-redis --from-file=auth=/dev/stdin`,
        `${isByToken ? `printf %s "$TOKEN" | ` : ''}${namespaced} create secret generic platform-repository \\`,
        `  --from-literal=type=git --from-literal=url=${shellText(repo)} \\`,
        isByToken
          ? '  --from-literal=username=git --from-file=password=/dev/stdin'
          : '  --from-file=sshPrivateKey="$KEY_FILE"',
        `${namespaced} label secret platform-repository argocd.argoproj.io/secret-type=repository`,
      ],
    },
    {
      title: 'Argo CD',
      text: 'Its two accounts that sign in to app clusters get the client id that Terraform made.',
      shell: [
        `CLIENT_ID=$(${clientIdCommand(platform, argoCdIdentity(platform))})`,
        ...install(cluster, 'argo-cd', identityArguments()),
        `${namespaced} rollout status statefulset/argocd-application-controller --timeout=10m`,
        `${namespaced} rollout status deployment/argocd-server --timeout=10m`,
      ],
    },
  ];
}

/** The same values that the ApplicationSet takes from the cluster Secret. */
function identityArguments(): readonly string[] {
  return Object.keys(argoCdIdentityValues('')).map(
    (part) =>
      `--set-string "${part}.serviceAccount.annotations.azure\\.workload\\.identity/client-id=$CLIENT_ID"`,
  );
}

/** The cluster Secret, with the shell's variables for what is not known yet. */
function registration(platform: Platform, cluster: ClusterPlan): Step {
  const isMgmt = cluster.role === 'mgmt';
  const mgmt = platform.clusters.find(({ role }) => role === 'mgmt');
  const commands = clusterFacts(platform, cluster).flatMap((fact) =>
    fact.kind === 'annotation' ? [`# ${fact.meaning}`, `${variable(fact)}=$(${fact.command})`] : [],
  );
  const secret = clusterSecret(platform, cluster, {
    valueOf: (annotation) => `$${variable(annotation)}`,
    host: '$SERVER',
    ca: '$CA',
    clientId: '$CLIENT_ID',
  });
  return {
    title: 'Register with Argo CD',
    text:
      'Argo CD finds its clusters by Secrets of its own namespace on mgmt. There is no password in this ' +
      'one: ' +
      (isMgmt ? 'Argo CD is on this very cluster.' : 'Argo CD signs in with its workload identity.') +
      ' Every label and annotation is read by an ApplicationSet: a missing annotation stops it, a missing label ' +
      'leaves the cluster out.',
    shell: [
      ...commands,
      ...(isMgmt ? [] : connection(platform, cluster)),
      `kubectl --context ${mgmt?.resourceName ?? 'mgmt'} apply --server-side --filename - <<EOF`,
      ...heredoc(secret),
      'EOF',
    ],
  };
}

function variable({ key }: ClusterAnnotation): string {
  return key.toUpperCase();
}

/** Lines in which the shell still replaces variables. */
function heredoc({ apiVersion, kind, metadata, stringData }: ClusterSecret): readonly string[] {
  const { labels, annotations, ...place } = metadata;
  const { config, ...strings } = stringData;
  const rows = (map: Readonly<Record<string, string>>, indent: string): readonly string[] =>
    Object.entries(map).map(([key, value]) => indent + renderYaml({ [key]: value }).trimEnd());
  return [
    ...rows({ apiVersion, kind }, ''),
    'metadata:',
    ...rows(place, '  '),
    '  labels:',
    ...rows(labels, '    '),
    '  annotations:',
    ...rows(annotations, '    '),
    'stringData:',
    ...rows(strings, '  '),
    // Within double quotes its own would need a backslash each, and so does a here-document's backslash.
    `  config: '${config}'`,
  ];
}

function connection(platform: Platform, cluster: ClusterPlan): readonly string[] {
  const aks = `--resource-group ${cluster.resourceGroup} --name ${cluster.resourceName}`;
  const path = "jsonpath='{.clusters[0].cluster.certificate-authority-data}'";
  return [
    '# address and certificate of the API server, and as whom Argo CD signs in',
    `SERVER=$(az aks show ${aks} --output tsv --query fqdn)`,
    `CA=$(kubectl --context ${cluster.resourceName} config view --minify --raw --output ${path})`,
    `CLIENT_ID=$(${clientIdCommand(platform, argoCdIdentity(platform))})`,
  ];
}

function root(): Step {
  return {
    title: 'Hand over to Argo CD',
    text:
      'Commit the tree first. App clusters join by the last step of their own README, at any time. To ' +
      'take an ' +
      'ApplicationSet away for good, delete it with `--cascade=orphan`; its Applications then go one by one.',
    shell: [
      `${APPLY} ../../gitops/argocd/projects.yaml`,
      `${APPLY} ../../gitops/argocd/root.yaml`,
      `kubectl --namespace ${ARGO_CD_NAMESPACE} get applications --watch`,
    ],
  };
}

/** Who can sign in where, as it is: nothing here makes the app registration that Argo CD would need for Entra. */
function lookAtIt({ fleet }: Platform): Step {
  const forward = (namespace: string, service: string, ports: string): string =>
    `kubectl --namespace ${namespace} port-forward service/${service} ${ports}`;
  const secret = `--namespace ${ARGO_CD_NAMESPACE} get secret argocd-initial-admin-secret`;
  const isSelf = fleet.observability.stack === 'self';
  return {
    title: 'Look at it',
    text: [
      'Nothing is published: what has a page is reached by a port-forward, by who may forward ports on this cluster.',
      '',
      'Argo CD has one account, `admin`. Change its password with `argocd account update-password` and delete the ' +
        'Secret that holds the first one. Nobody signs in by Entra yet: that takes an app registration and ' +
        '`oidc.config` in `argocd-cm`, which are not written here. The rights of the Entra groups are in the tree ' +
        'already (`argocd-rbac-cm` for the administrators, a project for each team) and count from that day. Until ' +
        'then a team sees its namespaces by kubectl alone.',
      ...(isSelf
        ? [
            '',
            'Grafana has the dashboards and the account that the vault holds. Alerts are seen there and in ' +
              'Alertmanager, and sent to nobody: mail needs a relay. What tells somebody is Azure Monitor.',
          ]
        : []),
    ].join('\n'),
    shell: [
      `kubectl ${secret} --output jsonpath='{.data.password}' | base64 --decode`,
      forward(ARGO_CD_NAMESPACE, 'argocd-server', '8080:443'),
      ...(isSelf
        ? [
            forward(MONITORING_NAMESPACE, 'kube-prometheus-stack-grafana', '3000:80'),
            forward(MONITORING_NAMESPACE, 'kube-prometheus-stack-alertmanager', '9093:9093'),
          ]
        : []),
    ],
  };
}

function install(cluster: ClusterPlan, name: ComponentId, more: readonly string[]): readonly string[] {
  const { repo, version, release, namespace } = chart(name);
  const lines = [
    `helm template ${release} ${name} --repo ${repo} --version ${version} --namespace ${namespace}`,
    `--values ${valuesFile(name)} --kube-version ${cluster.kubernetesVersion} --include-crds --no-hooks`,
    ...more,
  ];
  return [`${lines.join(' \\\n  ')} |`, `  ${APPLY} -`];
}

function runs(cluster: ClusterPlan, id: ComponentId): boolean {
  return cluster.components.some((component) => component.id === id);
}

/** A text of the user's as one word of a shell. */
function shellText(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
