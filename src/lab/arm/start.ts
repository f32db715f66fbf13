import { selfSigned } from './certificate.ts';
import { type CertificateFile, prepareCertificate } from './certificate-file.ts';
import { answerControl, type Controls } from './control-plane.ts';
import { LAB_CLIENT_ID } from './entra.ts';
import { type Fault, faultPlan } from './faults.ts';
import { answerRequest, isLabHost, LAB_HOSTS } from './front.ts';
import { emptyLab } from './lab.ts';
import { type Listener, listen, type ListenerOptions } from './listener.ts';
import { settle } from './operations.ts';
import { type ArmRequest, logged } from './request-log.ts';
import type { ArmStore } from './resource.ts';
import type { ArmKubernetes, ArmLimits, ArmRule } from './rule.ts';
import { rules as allRules } from './rules/index.ts';
import { readState, writeState } from './state-file.ts';

export type ArmOptions = {
  /** 0, the default, for a free one. */
  readonly port?: number;
  /** How long an operation takes, in milliseconds; 0 when absent: it is done when it is asked for. */
  readonly latencyMs?: number;
  readonly faults?: readonly Fault[];
  readonly limits?: ArmLimits;
  /** What Azure refuses; absent, all that the lab knows. */
  readonly rules?: readonly ArmRule[];
  /** True lets it refuse what comes too often, as Azure does. */
  readonly isThrottling?: boolean;
  /** Where it goes on from, and what it writes. */
  readonly stateFile?: string;
  /** What a cluster's users get; undefined for a kubeconfig at whose address nothing answers. */
  readonly kubeconfig?: (clusterName: string) => string | undefined;
  readonly subscriptionId?: string;
  readonly tenantId?: string;
  /** The address that a vault's firewall sees. */
  readonly clientAddress?: string;
  readonly onRequest?: (request: ArmRequest) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export type Arm = {
  /** `https://localhost:4443` */
  readonly url: string;
  readonly port: number;
  /** What a client trusts: a PEM file, which goes with the lab. */
  readonly certificateFile: string;
  /**
   * What terraform, OpenTofu, azurerm and Azure's libraries for Node need in their environment to come here: as a proxy,
   * which needs no change in the HCL and reaches vaults and storage too, or by `metadata_host`, which reaches Azure
   * Resource Manager alone.
   */
  readonly environment: (way?: 'proxy' | 'metadata') => Readonly<Record<string, string>>;
  /** All that there is. */
  readonly store: ArmStore;
  /** Vaults and workspaces that are deleted and not yet gone: their ids, in lower case. */
  readonly softDeleted: () => readonly string[];
  readonly requests: () => readonly ArmRequest[];
  /** What was asked that the lab does not know. */
  readonly unanswered: () => readonly string[];
  readonly setFaults: (faults: readonly Fault[]) => void;
  readonly setLimits: (limits: ArmLimits) => void;
  readonly setKubernetes: (clusterId: string, inside: ArmKubernetes) => void;
  /** The first request from now on that is like this, once it is answered. */
  readonly seen: (isLike: (request: ArmRequest) => boolean) => Promise<ArmRequest>;
  readonly stop: () => Promise<void>;
};

const NOBODY = '00000000-0000-0000-0000-000000000000';

/** A documentation address (RFC 5737): nobody's, and the one that examples let through. */
const CLIENT_ADDRESS = '203.0.113.10';

/** Requests that are remembered. A fleet of three clusters makes some 600 from plan to destroy. */
const LOG_MAX = 50_000;

/** Where Terraform fetches providers and modules: the lab is no way there. */
const REGISTRIES =
  'registry.terraform.io,registry.opentofu.org,releases.hashicorp.com,github.com,.githubusercontent.com';

/**
 * Starts a stand-in for Azure Resource Manager on loopback. Rejects when the port is taken, or the state cannot be read or
 * kept; then nothing listens.
 */
export async function startArm(options: ArmOptions): Promise<Arm> {
  const { now, stateFile } = options;
  const fresh = emptyLab(
    {
      tenantId: options.tenantId ?? NOBODY,
      latencyMs: options.latencyMs ?? 0,
      rules: options.rules ?? allRules,
      isThrottling: options.isThrottling ?? false,
      clientAddress: options.clientAddress ?? CLIENT_ADDRESS,
      kubeconfig: options.kubeconfig ?? (() => undefined),
    },
    options.limits,
  );
  const lab = stateFile === undefined ? fresh : readState(fresh, stateFile);
  const controls: Controls = { lab, plan: faultPlan(options.faults ?? []), log: [] };
  const watchers = new Set<(request: ArmRequest) => void>();
  const state = stateWriter(() => stateFile !== undefined && writeState(lab, stateFile));
  const identity = selfSigned(LAB_HOSTS, now());
  const certificate = prepareCertificate(identity.certificate, stateFile);
  const listener = await listenWith(certificate, {
    port: options.port ?? 0,
    identity,
    isServed: isLabHost,
    answer: (request) => {
      const isOwn = request.host === 'localhost' || request.host === '127.0.0.1';
      if (isOwn && /^\/lab(?:\/|$)/.test(request.path)) return answerControl(controls, request);
      const at = now();
      const { answer, isFault } = answerRequest(lab, controls.plan, request, at);
      const entry = logged(request, answer, isFault, at);
      controls.log.push(entry);
      if (controls.log.length > LOG_MAX) controls.log.shift();
      if (request.method !== 'GET' && request.method !== 'HEAD') state.mark();
      options.onRequest?.(entry);
      for (const watcher of watchers) watcher(entry);
      return answer;
    },
  });
  return {
    url: `https://localhost:${listener.port}`,
    port: listener.port,
    certificateFile: certificate.path,
    environment: (way = 'proxy') => environmentOf(way, listener.port, certificate.path, options),
    store: lab.store,
    softDeleted: () => [...lab.softDeleted.keys()],
    requests: () => controls.log,
    unanswered: () =>
      controls.log
        .filter(({ isUnknown }) => isUnknown)
        .map(({ method, host, path }) => `${method} ${host}${path}`),
    setFaults: (faults) => {
      controls.plan = faultPlan(faults);
    },
    setLimits: (limits) => {
      lab.limits = limits;
    },
    setKubernetes: (clusterId, inside) => {
      lab.kubernetes.set(clusterId.toLowerCase(), inside);
    },
    seen: (isLike) =>
      new Promise((found) => {
        const watcher = (request: ArmRequest): void => {
          if (!isLike(request)) return;
          watchers.delete(watcher);
          found(request);
        };
        watchers.add(watcher);
      }),
    stop: async () => {
      await listener.stop();
      settle(lab, now());
      state.flush();
      certificate.remove();
    },
  };
}

function environmentOf(
  way: 'proxy' | 'metadata',
  port: number,
  certificate: string,
  { subscriptionId = NOBODY, tenantId = NOBODY }: ArmOptions,
): Readonly<Record<string, string>> {
  const found: Record<string, string> =
    way === 'proxy'
      ? { HTTPS_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: REGISTRIES }
      : { ARM_METADATA_HOSTNAME: `localhost:${port}` };
  return {
    ...found,
    SSL_CERT_FILE: certificate,
    NODE_EXTRA_CA_CERTS: certificate,
    ARM_CLIENT_ID: LAB_CLIENT_ID,
    ARM_CLIENT_SECRET: 'none',
    ARM_TENANT_ID: tenantId,
    ARM_SUBSCRIPTION_ID: subscriptionId,
    // The variables of the roots, which have no default where the fleet file does not say them.
    TF_VAR_subscription_id: subscriptionId,
    TF_VAR_tenant_id: tenantId,
    // Without it every create and delete waits out an interval of 10 s or more (go-azure-sdk, pollers/poller.go).
    GO_AZURE_SDK_SKIP_POLLING_DELAY: 'true',
    CHECKPOINT_DISABLE: '1',
  };
}

/** Listens, and lets clients find the certificate; both or neither. */
async function listenWith(certificate: CertificateFile, options: ListenerOptions): Promise<Listener> {
  let listener: Listener | undefined;
  try {
    listener = await listen(options);
    certificate.publish();
    return listener;
  } catch (error) {
    await listener?.stop();
    certificate.discard();
    throw error;
  }
}

/** Writes of one moment are written once. */
function stateWriter(write: () => unknown): { readonly mark: () => void; readonly flush: () => void } {
  let timer: NodeJS.Timeout | undefined;
  return {
    mark: () => {
      timer ??= setTimeout(() => {
        timer = undefined;
        write();
      }, 50);
    },
    flush: () => {
      clearTimeout(timer);
      write();
    },
  };
}
