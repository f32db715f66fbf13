import { clustersWhere, groupsWhere, type KnownAlarm, onceIf, userPools } from './known-alarm.ts';

/** By the part of the platform that they are raised at: clusters, then their subnets, vault, registry, keeper. */
export const knownAlarms: readonly KnownAlarm[] = [
  {
    id: 'cilium-is-brought-along',
    adr: 'ADR-A02',
    reason:
      'Cilium is brought along for its Cluster Mesh and enforces NetworkPolicies itself, so AKS is told of no ' +
      'network plugin and has no policy engine to name.',
    source: 'learn.microsoft.com, aks/use-byo-cni, 2026-04-16',
    checks: { checkov: ['CKV2_AZURE_29', 'CKV_AZURE_7'], trivy: ['AZU-0043'] },
    raisedAt: (platform) => clustersWhere(platform, () => platform.fleet.network.cni === 'cilium'),
  },
  {
    id: 'api-server-has-authorized-ranges',
    adr: 'ADR-A02',
    reason:
      'Operators, CI and Argo CD of another cluster come from outside, so the API server is public, lets in their ' +
      "ranges and the fleet's own addresses only, and takes no account but those of Entra.",
    source: 'learn.microsoft.com, aks/api-server-authorized-ip-ranges, 2026-08',
    checks: { checkov: ['CKV_AZURE_115'], trivy: ['AZU-0065'] },
    raisedAt: (platform) => clustersWhere(platform, () => platform.fleet.network.apiServer === 'public'),
  },
  {
    id: 'no-policy-add-on',
    adr: 'ADR-A01',
    reason:
      'The add-on enforces nothing before somebody assigns a policy, and its pods would stand on system nodes that ' +
      'are sized for the platform alone; what runs is decided in Git and checked before it is merged.',
    source: 'learn.microsoft.com, governance/policy/concepts/policy-for-kubernetes',
    checks: { checkov: ['CKV_AZURE_116'], trivy: ['AZU-0066'] },
    raisedAt: (platform) => clustersWhere(platform),
  },
  {
    id: 'disks-have-platform-keys',
    adr: 'ADR-A03',
    reason:
      "Azure encrypts every managed disk with a key of its own; with one of the fleet's, nodes would stand and fall " +
      'with the vault, and a vault outage may cost new secrets only.',
    source: 'learn.microsoft.com, virtual-machines/disk-encryption',
    checks: { checkov: ['CKV_AZURE_117'], trivy: ['AZU-0067'] },
    raisedAt: (platform) => clustersWhere(platform),
  },
  {
    id: 'nodes-keep-nothing',
    adr: 'ADR-A01',
    reason:
      'Encryption at host must first be registered in the subscription, and not every size that may stand by for ' +
      'another has it; a node is lost at any time and keeps nothing, and Secrets are in its memory, not on its disk.',
    source: 'learn.microsoft.com, aks/enable-host-encryption; kubernetes.io, concepts/configuration/secret',
    checks: { checkov: ['CKV_AZURE_227'] },
    raisedAt: (platform) => [...clustersWhere(platform), ...userPools(platform)],
  },
  {
    id: 'host-has-no-room-for-the-os-disk',
    adr: 'ADR-0005',
    reason:
      'The OS disk of the system nodes does not fit the host of their size, so Azure would refuse an ephemeral one.',
    source: 'learn.microsoft.com, virtual-machines/ephemeral-os-disks, 2026-09-08',
    checks: { checkov: ['CKV_AZURE_226'] },
    raisedAt: (platform) =>
      clustersWhere(platform, ({ pools }) =>
        pools.some(({ mode, osDisk }) => mode === 'System' && osDisk.type === 'Managed'),
      ),
  },
  {
    id: 'demo-needs-no-sla',
    adr: 'ADR-A01',
    reason:
      'A demo may be evicted to nothing and is priced for that, so its API server is on the Free tier; in production ' +
      'the contract asks for an SLA.',
    source: 'learn.microsoft.com, aks/free-standard-pricing-tiers, 2026-08',
    checks: { checkov: ['CKV_AZURE_170'] },
    raisedAt: (platform) =>
      clustersWhere(platform, ({ skuTier }) => platform.fleet.environment === 'demo' && skuTier === 'Free'),
  },
  {
    id: 'premium-has-an-sla',
    adr: 'ADR-A01',
    reason:
      'The Premium tier has the SLA of the Standard tier, and the check knows the name of that one only.',
    source: 'learn.microsoft.com, aks/free-standard-pricing-tiers, 2026-08',
    checks: { checkov: ['CKV_AZURE_170'] },
    raisedAt: (platform) => clustersWhere(platform, ({ skuTier }) => skuTier === 'Premium'),
  },
  {
    id: 'no-secrets-store-driver',
    adr: 'ADR-A03',
    reason:
      'External Secrets syncs the vault and reads it anew every hour; the CSI driver that the check wants to rotate ' +
      'is not installed.',
    source: 'external-secrets.io, api/externalsecret, 2.9.0',
    checks: { checkov: ['CKV_AZURE_172'] },
    raisedAt: (platform) => clustersWhere(platform, () => platform.fleet.secrets.sync === 'external-secrets'),
  },
  {
    id: 'workloads-are-called-from-outside',
    adr: 'ADR-A02',
    reason:
      'A workload of the cluster serves the internet on the ports of the web; which pods it reaches there is decided by ' +
      'Cilium, whose policies let it call none but those that the fleet file names.',
    source: 'learn.microsoft.com, aks/load-balancer-standard; docs.cilium.io, security/policy, 1.20',
    // Not Trivy's AZU-0047: its ignore file knows files alone, and all security groups stand in one.
    checks: { checkov: ['CKV_AZURE_160'] },
    raisedAt: (platform) =>
      groupsWhere(platform, ({ rules }) => rules.some(({ sources }) => sources.includes('Internet'))),
  },
  {
    id: 'demo-vault-gives-its-name-back',
    adr: 'ADR-A03',
    reason:
      'A demo is rebuilt often and purge protection can never be switched off again; a deleted vault can be brought ' +
      'back for seven days, and no destroy purges it.',
    source: 'learn.microsoft.com, key-vault/general/soft-delete-overview, 2026-08',
    checks: { checkov: ['CKV_AZURE_110', 'CKV_AZURE_42'], trivy: ['AZU-0016'] },
    raisedAt: ({ fleet }) => onceIf(fleet.environment === 'demo', 'vault'),
  },
  {
    id: 'registry-is-not-premium',
    adr: 'ADR-0005',
    reason:
      'Azure sells private access, quarantine, retention and data endpoints with the Premium registry only and ' +
      'refuses them on this tier; the registry has no password, and every pull is made by an identity.',
    source: 'learn.microsoft.com, container-registry/container-registry-skus; azurerm 5.2.0',
    checks: { checkov: ['CKV_AZURE_139', 'CKV_AZURE_166', 'CKV_AZURE_167', 'CKV_AZURE_237'] },
    raisedAt: ({ fleet }) => onceIf(fleet.registry.sku !== 'Premium', 'registry'),
  },
  {
    id: 'registry-tier-does-not-scan',
    adr: 'ADR-A01',
    reason:
      'The check takes the tier of the registry for a scanner; images are scanned by a plan of the subscription, and ' +
      'a demo is on the tier that costs least.',
    source: 'learn.microsoft.com, defender-for-cloud/agentless-vulnerability-assessment-azure',
    checks: { checkov: ['CKV_AZURE_163'] },
    raisedAt: ({ fleet }) => onceIf(fleet.registry.sku === 'Basic', 'registry'),
  },
  {
    id: 'content-trust-is-gone',
    adr: 'ADR-0005',
    reason:
      'Azure retires Docker Content Trust by 2028-03-31, and azurerm 5 has no argument for it any more.',
    source: 'learn.microsoft.com, container-registry/container-registry-content-trust-deprecation',
    checks: { checkov: ['CKV_AZURE_164'] },
    raisedAt: () => onceIf(true, 'registry'),
  },
  {
    id: 'fleet-is-in-one-region',
    adr: 'ADR-A02',
    reason: 'All clusters stand in one VNet, so in one region: nobody would pull from a replica in another.',
    source: 'learn.microsoft.com, container-registry/container-registry-geo-replication',
    checks: { checkov: ['CKV_AZURE_165'] },
    raisedAt: () => onceIf(true, 'registry'),
  },
  {
    id: 'registry-is-zone-redundant',
    adr: 'ADR-0005',
    reason:
      'Every registry in a region with zones is zone-redundant by itself, on every tier; the argument that the check ' +
      'looks for is left from the time when it was a choice, and is refused below Premium.',
    source: 'learn.microsoft.com, container-registry/zone-redundancy',
    checks: { checkov: ['CKV_AZURE_233'] },
    raisedAt: () => onceIf(true, 'registry'),
  },
  {
    id: 'keeper-knows-no-secret',
    adr: 'ADR-A03',
    reason:
      'The keeper is told ids, names and the schedule in plain variables; it acts as an identity and holds no secret.',
    source: 'keeper/locals.tf, local.environment',
    checks: { checkov: ['CKV_AZURE_235'] },
    raisedAt: ({ fleet }) => onceIf(fleet.keeper.run === 'container-instance', 'container-group'),
  },
];
