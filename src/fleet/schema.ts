import * as z from 'zod';
import { awakeText, cidrText, cpuText, destinationText, memoryText, nodeRangeText } from './value.ts';

/** The grammar of the fleet file. Nothing here transforms or defaults: `resolve` does, and says by which rule. */
const uuid = z
  .string()
  .regex(
    /^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/,
    'is not an id like 00000000-0000-0000-0000-000000000000',
  );

const clusterName = z
  .string()
  .regex(
    /^[a-z][a-z0-9-]{0,30}[a-z0-9]$/,
    'is no cluster name; use 2 to 32 of a-z, 0-9 and -, starting with a letter, not ending in -',
  );

const dnsLabel = z
  .string()
  .regex(
    /^[a-z]([a-z0-9-]{0,51}[a-z0-9])?$/,
    'is no name that Kubernetes takes; use up to 53 of a-z, 0-9 and -, starting with a letter, not ending in -',
  );

const capacityType = z.enum(['Spot', 'OnDemand']);
const zoneNumber = z.literal([1, 2, 3]);

const tier = z
  .strictObject({ demo: capacityType.optional(), production: capacityType.optional() })
  .meta({ description: 'Which capacity the user pools of this tier run on, by environment (ADR-A01).' });

const pool = {
  zones: z
    .array(zoneNumber)
    .max(3)
    .optional()
    .meta({ description: 'Availability zones. Default: none in demo, 1 2 3 in production.' }),
  maxPods: z.int().min(1).max(1000).optional().meta({
    description: 'Most pods on a node; costs memory by its size. Default: 60 in demo, 110 in production.',
  }),
  osDiskGB: z
    .int()
    .min(1)
    .max(2048)
    .optional()
    .meta({ description: 'OS disk. Default: what fits the size for free (ephemeral), else 64 GB managed.' }),
};

const userPool = z
  .strictObject({
    vmSizes: z
      .array(z.string().min(1))
      .min(1)
      .max(8)
      .optional()
      .meta({ description: 'One Azure pool for each size; the first is preferred.' }),
    nodes: nodeRangeText.optional(),
    capacity: capacityType
      .optional()
      .meta({ description: 'Overrides what tier and environment decide; the contract judges it.' }),
    ...pool,
  })
  .meta({ description: 'The pools that workloads (on mgmt: the platform) run on.' });

const systemPool = z
  .strictObject({ vmSize: z.string().min(1).optional(), nodes: z.int().min(1).max(100).optional(), ...pool })
  .meta({ description: 'The pool of kube-system. AKS requires it, always on-demand.' });

const cluster = z.strictObject({
  role: z.enum(['mgmt', 'app']).optional().meta({
    description:
      'mgmt: platform services; app: workloads. Default: mgmt for the cluster of that name, else app.',
  }),
  tier: z.literal([0, 1, 2]).optional().meta({
    description: "Default: 1 for mgmt, 2 for app. Tier 0 is the control plane: Azure's, never listed (C1).",
  }),
  id: z.int().min(0).max(1000).optional().meta({
    description:
      'Mesh id and place in the address plan, 1-255. Default: from the name. Never change it on a running cluster.',
  }),
  kubernetes: z
    .string()
    .regex(/^\d\.\d{1,2}(\.\d{1,2})?$/, 'is no Kubernetes version; write it like "1.35", in quotes')
    .optional(),
  sku: z
    .enum(['Free', 'Standard', 'Premium'])
    .optional()
    .meta({ description: 'AKS pricing tier. Default: Free in demo, Standard in production.' }),
  pods: cidrText('Pod range. Default: derived from the id.').optional(),
  user: userPool.optional(),
  system: systemPool.optional(),
});

const vaultSecretName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,127}$/, 'is no Key Vault secret name; use 1 to 127 of A-Z, a-z, 0-9 and -');

const vaultSecret = z
  .strictObject({
    generate: z
      .boolean()
      .optional()
      .meta({
        description:
          'Whether `bulkhead up` makes it at random where the vault has none. Default: a person sets it, but for the ' +
          'password of Grafana.',
      }),
    length: z.int().min(16).max(256).optional().meta({
      description: 'Letters and digits of a generated value, 16 to 256. Default: 32.',
    }),
  })
  .meta({ description: 'Who makes one secret of the vault. Never its value.' });

const workload = z.strictObject({
  clusters: z.array(z.string()).min(1).max(255),
  image: z.string().min(1).max(512),
  replicas: z.int().min(0).max(1000).optional(),
  port: z
    .int()
    .min(1)
    .max(65535)
    .optional()
    .meta({ description: 'Port that the container serves on. Default: 8080.' }),
  requests: z.strictObject({ cpu: cpuText.optional(), memory: memoryText.optional() }).optional(),
  critical: z.boolean().optional().meta({ description: 'Keep it off Spot nodes in production.' }),
  env: z
    .record(z.string().max(256), z.string().max(4096))
    .optional()
    .meta({ description: 'Plain settings. Secrets go to `secrets`, never here (C4).' }),
  secrets: z
    .array(vaultSecretName)
    .max(100)
    .optional()
    .meta({ description: 'Names of Key Vault secrets that the pods read.' }),
  callers: z
    .array(dnsLabel)
    .max(200)
    .optional()
    .meta({
      description:
        'Who may call it: workloads, or internet for everybody outside. Default: nobody. Either end of a call ' +
        'may say it.',
    }),
  reaches: z.array(destinationText).max(200).optional().meta({
    description: 'What it calls: workloads, and hosts or ranges with a port. Default: nothing but DNS.',
  }),
});

const team = z
  .strictObject({
    group: uuid.meta({ description: 'Entra group of its people.' }),
    workloads: z
      .array(z.string())
      .max(200)
      .optional()
      .meta({ description: 'Workloads that are its own: it may write in the namespaces of that name.' }),
    namespaces: z
      .array(dnsLabel)
      .max(100)
      .optional()
      .meta({ description: 'Further namespaces of its own, on each of its clusters.' }),
    clusters: z
      .array(z.string())
      .max(255)
      .optional()
      .meta({ description: 'Clusters that it reaches. Default: those of its workloads.' }),
  })
  .meta({ description: 'People who run workloads and do not administer the clusters.' });

const waiver = z.strictObject({
  invariant: z.string().min(1).meta({ description: 'Id of the invariant, or C1 to C5.' }),
  at: z
    .string()
    .optional()
    .meta({ description: 'Where, as findings print it, e.g. clusters.mgmt. Default: everywhere.' }),
  reason: z.string().min(1),
  owner: z.string().min(1),
  expires: z.iso
    .date('is no date; write it like "2027-01-31"')
    .meta({ description: 'Last day on which the waiver counts.' }),
});

/** What the top level and an environment's overrides share. */
const body = {
  azure: z.strictObject({ subscription: uuid.optional(), tenant: uuid.optional() }).optional(),
  admins: z
    .array(uuid)
    .max(50)
    .optional()
    .meta({ description: 'Entra groups that administer every cluster.' }),
  operators: z
    .strictObject({ ipRanges: z.array(cidrText('Addresses of people and CI.')).max(500).optional() })
    .optional()
    .meta({ description: 'Who may reach the API servers and, in demo, the vault.' }),
  gitops: z
    .strictObject({
      repo: z
        .string()
        .regex(
          /^(https:\/\/|ssh:\/\/|git@)[^\s{}"'`$\\<>|;]{1,500}$/,
          'is no repository address; write it like https://github.com/acme/platform.git',
        ),
      revision: z
        .string()
        .regex(/^[A-Za-z0-9][A-Za-z0-9._/-]{0,199}$/, 'is no branch, tag or commit; write it like main')
        .optional(),
      path: z
        .string()
        .regex(
          /^(?!.*\.\.)[A-Za-z0-9._-]*(\/[A-Za-z0-9._-]+)*\/?$/,
          'is no folder of the repository; write it like clusters/platform',
        )
        .optional(),
    })
    .optional()
    .meta({ description: 'Where Argo CD reads the tree that Bulkhead writes.' }),
  alerts: z.strictObject({ email: z.email('is no e-mail address') }).optional(),
  live: z
    .boolean()
    .optional()
    .meta({ description: 'A demo before an audience: tier 1 runs On-Demand (source design, 2.1).' }),
  tiers: z.strictObject({ 0: tier.optional(), 1: tier.optional(), 2: tier.optional() }).optional(),
  spot: z.strictObject({ maxPrice: z.number().optional() }).optional().meta({
    description:
      'USD an hour for each VM; -1 (default) pays up to the on-demand price and is never evicted for price.',
  }),
  network: z
    .strictObject({
      cni: z
        .enum(['cilium', 'azure-overlay'])
        .optional()
        .meta({ description: 'ADR-A02: cilium (BYO, mesh) or azure-overlay (managed, no mesh).' }),
      clusterMesh: z.boolean().optional(),
      vnet: z.array(cidrText('Address space of the VNet.')).min(1).max(64).optional(),
      subnets: z
        .record(z.string(), cidrText('Subnet range.'))
        .optional()
        .meta({ description: 'Node subnet of each cluster by its name, and `services`. Default: derived.' }),
      serviceCidr: cidrText('ClusterIP range, the same in every cluster.').optional(),
      peers: z
        .array(z.tuple([z.string(), z.string()]))
        .max(40_000)
        .optional()
        .meta({
          description: 'Pairs of clusters that talk over the mesh. Default: mgmt with every app cluster.',
        }),
      egress: z.enum(['nat-gateway', 'load-balancer']).optional(),
      apiServer: z
        .enum(['public', 'private'])
        .optional()
        .meta({
          description:
            'Where the API servers answer. public (default): over the internet, known addresses alone; private: within ' +
            'the VNet alone. Never change it on a running cluster: it is replaced.',
        }),
    })
    .optional(),
  clusters: z.record(clusterName, cluster).optional(),
  secrets: z
    .strictObject({
      sync: z
        .enum(['external-secrets', 'csi'])
        .optional()
        .meta({ description: 'How vault secrets reach pods (ADR-A03).' }),
      vault: z
        .record(vaultSecretName, vaultSecret)
        .optional()
        .meta({ description: 'Secrets of the vault by name, and who makes each. Never a value.' }),
    })
    .optional()
    .meta({ description: 'Secrets of the vault: how they reach pods, and who makes them (ADR-A03).' }),
  observability: z
    .strictObject({
      stack: z.enum(['self', 'azure']).optional(),
      logs: z
        .strictObject({
          dailyCapGB: z.number().min(0).max(10_000).optional(),
          retentionDays: z.int().min(1).max(1000).optional(),
        })
        .optional(),
    })
    .optional(),
  registry: z.strictObject({ sku: z.enum(['Basic', 'Standard', 'Premium']).optional() }).optional(),
  schedule: z
    .strictObject({
      timezone: z.string().min(1).optional().meta({ description: 'IANA zone, e.g. Asia/Seoul.' }),
      awake: awakeText,
      asleep: z.enum(['stop', 'destroy']).optional(),
    })
    .nullable()
    .optional()
    .meta({ description: 'Off-hours of the whole fleet; null for none.' }),
  keeper: z
    .strictObject({ run: z.enum(['container-instance', 'container-apps-job', 'none']) })
    .optional()
    .meta({ description: 'What runs the schedule outside the clusters.' }),
  budget: z.strictObject({ monthlyUSD: z.number().min(1).max(1e9) }).optional(),
  workloads: z.record(dnsLabel, workload).optional(),
  teams: z.record(dnsLabel, team).optional().meta({
    description: 'Who may write where: each team in its own namespaces of its own clusters, by Azure RBAC.',
  }),
};

export const fleetSchema = z
  .strictObject({
    name: z
      .string()
      .regex(
        /^(?=.{2,15}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
        'is no fleet name; use 2 to 15 of a-z, 0-9 and single -, starting with a letter, not ending in -',
      )
      .meta({ description: 'Part of every Azure name.' }),
    region: z.string().min(1).meta({ description: 'Azure region, e.g. koreacentral.' }),
    ...body,
    clusters: z.record(clusterName, cluster),
    environments: z
      .strictObject({ demo: z.strictObject(body).optional(), production: z.strictObject(body).optional() })
      .optional()
      .meta({ description: 'What one environment does differently: maps merge, everything else replaces.' }),
    waivers: z.array(waiver).max(200).optional(),
  })
  .meta({ title: 'Bulkhead fleet', description: 'One AKS multi-cluster fleet.' });

/** The fleet file as written and judged well-formed. */
export type FleetFile = z.infer<typeof fleetSchema>;

/** JSON Schema (draft 2020-12) of the fleet file, for completion in editors. */
export function fleetJsonSchema(): object {
  const schema = z.toJSONSchema(fleetSchema, { io: 'input' });
  // An environment's half lies over the rest: what is required may stand there.
  forgetRequired(schema.properties?.environments);
  return schema;
}

function forgetRequired(schema: unknown): void {
  if (typeof schema !== 'object' || schema === null) return;
  if ('required' in schema && Array.isArray(schema.required)) delete schema.required;
  for (const inner of Object.values(schema)) forgetRequired(inner);
}
