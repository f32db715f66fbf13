import { readFileSync } from 'node:fs';
import { StepError } from '../../base/step-error.ts';
import type { Environment } from '../program.ts';

/** How to sign in. Values of secrets are in it: it is never told. */
export type SignIn =
  | (Application & { readonly kind: 'secret'; readonly secret: string })
  /** A PEM file with the certificate and its key. */
  | (Application & { readonly kind: 'certificate'; readonly file: string })
  | (Application & { readonly kind: 'assertion'; readonly source: AssertionSource })
  | (Application & { readonly kind: 'pipeline'; readonly connection: string; readonly token: string })
  | { readonly kind: 'managedIdentity'; readonly client?: string }
  /** Whatever DefaultAzureCredential finds: AZURE_* variables, an identity of the machine, `az login`. */
  | { readonly kind: 'default'; readonly tenant?: string };

type Application = { readonly tenant: string; readonly client: string };

/** Where the token comes from that a federated credential trusts. Files are read anew for each sign-in. */
export type AssertionSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'file'; readonly file: string }
  /** GitHub's own endpoint. */
  | { readonly kind: 'request'; readonly url: string; readonly token: string };

/**
 * The sign-in that azurerm and Terraform's azurerm backend take from these variables, so that all of a deployment is one
 * principal. The order is azurerm's: certificate, secret, OIDC, managed identity (go-azure-sdk, sdk/auth/auth.go). Where
 * none of them is complete, azurerm asks the Azure CLI, and we DefaultAzureCredential, which asks it among others.
 */
export function signInOf(env: Environment): SignIn {
  const isOfCluster = isOn(env['ARM_USE_AKS_WORKLOAD_IDENTITY']);
  const tenant = env['ARM_TENANT_ID'] || (isOfCluster ? env['AZURE_TENANT_ID'] : undefined);
  const client = valueOf(env, 'ARM_CLIENT_ID') || (isOfCluster ? env['AZURE_CLIENT_ID'] : undefined);
  const application = tenant && client ? ofApplication({ tenant, client }, env) : undefined;
  if (application) return application;
  if (isOn(env['ARM_USE_MSI'])) return { kind: 'managedIdentity', ...(client ? { client } : {}) };
  return { kind: 'default', ...(tenant ? { tenant } : {}) };
}

function ofApplication(application: Application, env: Environment): SignIn | undefined {
  const archive = env['ARM_CLIENT_CERTIFICATE_PATH'] || env['ARM_CLIENT_CERTIFICATE'];
  if (archive) return { kind: 'certificate', ...application, file: certificateFile(env) };
  const secret = valueOf(env, 'ARM_CLIENT_SECRET');
  if (secret) return { kind: 'secret', ...application, secret };
  const isOfCluster = isOn(env['ARM_USE_AKS_WORKLOAD_IDENTITY']);
  if (!isOn(env['ARM_USE_OIDC']) && !isOfCluster) return undefined;
  const file =
    env['ARM_OIDC_TOKEN_FILE_PATH'] || (isOfCluster ? env['AZURE_FEDERATED_TOKEN_FILE'] : undefined);
  const text = env['ARM_OIDC_TOKEN'];
  if (text) return { kind: 'assertion', ...application, source: { kind: 'text', text } };
  if (file) return { kind: 'assertion', ...application, source: { kind: 'file', file } };
  const token =
    env['ARM_OIDC_REQUEST_TOKEN'] || env['ACTIONS_ID_TOKEN_REQUEST_TOKEN'] || env['SYSTEM_ACCESSTOKEN'];
  const connection =
    env['ARM_ADO_PIPELINE_SERVICE_CONNECTION_ID'] || env['ARM_OIDC_AZURE_SERVICE_CONNECTION_ID'];
  if (connection && token) return { kind: 'pipeline', ...application, connection, token };
  const url = env['ARM_OIDC_REQUEST_URL'] || env['ACTIONS_ID_TOKEN_REQUEST_URL'];
  if (!url || !token) return undefined;
  return { kind: 'assertion', ...application, source: { kind: 'request', url, token } };
}

/** Terraform reads PKCS#12 archives, Azure's library for Node reads PEM files: the same certificate is needed twice. */
function certificateFile(env: Environment): string {
  const file = env['AZURE_CLIENT_CERTIFICATE_PATH'];
  if (file) return file;
  const archive = env['ARM_CLIENT_CERTIFICATE_PATH'] || 'certificate.pfx';
  throw new StepError(
    "the client certificate is a PKCS#12 archive, which Azure's library for Node does not read",
    {
      advice: `write it as PEM too, openssl pkcs12 -in ${archive} -out certificate.pem -nodes, and name that file in AZURE_CLIENT_CERTIFICATE_PATH`,
    },
  );
}

/** The value, or what is in the file that `<name>_FILE_PATH` names. */
function valueOf(env: Environment, name: string): string | undefined {
  const file = env[`${name}_FILE_PATH`];
  return env[name] || (file ? textIn(file, `${name}_FILE_PATH`) : undefined);
}

/** What is in a file that a variable names. Throws a StepError where it cannot be read. */
export function textIn(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StepError(`${file}, which ${variable} names, cannot be read (${code})`);
  }
}

/** As azurerm reads a switch (Go's strconv.ParseBool). */
function isOn(value: string | undefined): boolean {
  return /^(1|t|true)$/i.test(value ?? '');
}
