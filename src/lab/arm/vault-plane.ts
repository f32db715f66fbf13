import { type Answer, failed, type LabRequest, sentBody } from './answer.ts';
import { containsAddress, parseIpv4 } from '../../base/cidr.ts';
import { compareText } from '../../base/order.ts';
import { listAt, objectAt, textAt, valueAt, without } from './body.ts';
import { callerOf, expiredToken } from './entra.ts';
import type { Secret, SecretVersion } from './kept.ts';
import type { Lab } from './lab.ts';
import type { ArmBody, ArmResource } from './resource.ts';
import { rangesIn } from './rules/address-space.ts';
import { isGranted } from './rules/role-grants.ts';
import { uuidOf } from './uuid.ts';

type SecretCall = {
  readonly lab: Lab;
  readonly vault: ArmResource;
  readonly request: LabRequest;
  readonly now: number;
  readonly key: string;
  readonly secret: Secret | undefined;
};

/** Of a list (learn.microsoft.com, rest/api/keyvault/secrets/get-secrets). */
const PAGE_SECRETS = 25;

const DAY_MS = 24 * 60 * 60 * 1000;

/** Roles whose data actions let one write secrets, and read them (learn.microsoft.com, key-vault rbac-guide, 2026-08). */
const WRITERS = ['Key Vault Administrator', 'Key Vault Secrets Officer'] as const;
const READERS = [...WRITERS, 'Key Vault Secrets User'] as const;

/** `https://<vault>.vault.azure.net`: secrets. Keys and certificates are not kept; asking for them finds none. */
export function answerVault(lab: Lab, request: LabRequest, now: number): Answer {
  const name = request.host.split('.')[0]!.toLowerCase();
  const vault = lab.store
    .ofType('microsoft.keyvault/vaults')
    .find(({ id }) => id.name.toLowerCase() === name);
  if (!vault) return failed(404, 'VaultNotFound', `There is no vault ${name}.`);
  if (request.headers['authorization'] === undefined || expiredToken(request, now)) return challenge(lab);
  const [collection, secretName, version] = request.path.toLowerCase().split('/').slice(1);
  const isList = collection === 'secrets' && !secretName;
  if (!isList && ((collection !== 'secrets' && collection !== 'deletedsecrets') || !secretName)) {
    return failed(404, 'NotFound', `${request.path} not found`);
  }
  const refusal = refusalOf(lab, vault, request);
  if (refusal) return refusal;
  if (isList || !secretName) return secretList(lab, vault, request);
  const key = `${vault.id.key}/${secretName}`;
  const call: SecretCall = { lab, vault, request, now, key, secret: lab.secrets.get(key) };
  return collection === 'secrets' ? onSecret(call, version) : onDeletedSecret(call, version);
}

function onSecret(call: SecretCall, version: string | undefined): Answer {
  const { lab, vault, request, key, secret, now } = call;
  if (request.method === 'PUT') return setSecret(call);
  if (!secret || secret.deleted !== undefined) return secretNotFound(call);
  if (request.method === 'DELETE') {
    lab.secrets.set(key, { ...secret, deleted: now });
    return { status: 200, body: deletedBundle(vault, { ...secret, deleted: now }) };
  }
  const found = version ? secret.versions.find(({ id }) => id === version) : secret.versions.at(-1);
  if (version === 'versions') {
    const value = secret.versions.map((each) => bundle(vault, secret.name, { ...each, value: '' }));
    return { status: 200, body: { value } };
  }
  if (!found) return secretNotFound(call);
  if (request.method === 'PATCH') {
    const rest = { ...found.rest, ...sentBody(request) };
    const versions = secret.versions.map((each) => (each === found ? { ...found, rest } : each));
    lab.secrets.set(key, { ...secret, versions });
    return { status: 200, body: bundle(vault, secret.name, { ...found, rest }) };
  }
  return { status: 200, body: bundle(vault, secret.name, found) };
}

function setSecret({ lab, vault, request, key, secret, now }: SecretCall): Answer {
  const sent = sentBody(request);
  const value = sent?.['value'];
  if (typeof value !== 'string') return failed(400, 'BadParameter', 'The parameter value is missing.');
  if (secret?.deleted !== undefined) {
    const message = `Secret ${secret.name} is currently in a deleted but recoverable state, and its name cannot be reused`;
    return failed(409, 'Conflict', message);
  }
  const name = request.path.split('/')[2]!;
  const seconds = Math.floor(now / 1000);
  const attributes = { enabled: true, ...objectAt(sent, 'attributes'), created: seconds, updated: seconds };
  const id = uuidOf(`${key} ${(lab.revision += 1)}`).replaceAll('-', '');
  const version: SecretVersion = { id, value, rest: { ...without(sent!, 'value'), attributes } };
  lab.secrets.set(key, { name, versions: [...(secret?.versions ?? []), version] });
  return { status: 200, body: bundle(vault, name, version) };
}

function onDeletedSecret(call: SecretCall, action: string | undefined): Answer {
  const { lab, vault, request, key, secret } = call;
  if (!secret || secret.deleted === undefined) return secretNotFound(call);
  if (request.method === 'DELETE') {
    lab.secrets.delete(key);
    return { status: 204 };
  }
  if (request.method === 'POST' && action === 'recover') {
    lab.secrets.set(key, { name: secret.name, versions: secret.versions });
    return { status: 200, body: bundle(vault, secret.name, { ...secret.versions.at(-1)!, value: '' }) };
  }
  return { status: 200, body: deletedBundle(vault, secret) };
}

function secretList(lab: Lab, vault: ArmResource, { query }: LabRequest): Answer {
  const own = [...lab.secrets]
    .filter(([key, { deleted }]) => key.startsWith(`${vault.id.key}/`) && deleted === undefined)
    .sort(([one], [other]) => compareText(one, other));
  const start = Number(query.get('$skiptoken') ?? 0);
  const size = Math.min(Number(query.get('maxresults') ?? PAGE_SECRETS), PAGE_SECRETS);
  const value = own.slice(start, start + size).map(([, { name, versions }]) => ({
    id: `${uriOf(vault)}secrets/${name}`,
    attributes: versions.at(-1)!.rest['attributes'],
  }));
  const next = `${uriOf(vault)}secrets?api-version=${query.get('api-version') ?? ''}&$skiptoken=${start + size}`;
  return { status: 200, body: { value, nextLink: start + size < own.length ? next : null } };
}

function secretNotFound({ request }: SecretCall): Answer {
  const name = request.path.split('/')[2] ?? '';
  const message = `A secret with (name/id) ${name} was not found in this key vault.`;
  return failed(404, 'SecretNotFound', message);
}

function bundle(vault: ArmResource, name: string, { id, value, rest }: SecretVersion): ArmBody {
  return { ...rest, ...(value === '' ? {} : { value }), id: `${uriOf(vault)}secrets/${name}/${id}` };
}

function deletedBundle(vault: ArmResource, { name, versions, deleted }: Secret): ArmBody {
  const days = Number(valueAt(vault.body, 'properties', 'softDeleteRetentionInDays') ?? 90);
  return {
    ...bundle(vault, name, { ...versions.at(-1)!, value: '' }),
    recoveryId: `${uriOf(vault)}deletedsecrets/${name}`,
    deletedDate: Math.floor(deleted! / 1000),
    scheduledPurgeDate: Math.floor((deleted! + days * DAY_MS) / 1000),
  };
}

function uriOf(vault: ArmResource): string {
  return textAt(vault.body, 'properties', 'vaultUri')!;
}

/** A vault says where tokens come from to whoever brings none. */
function challenge({ settings }: Lab): Answer {
  const authority = `authorization="https://login.microsoftonline.com/${settings.tenantId}"`;
  return {
    ...failed(401, 'Unauthorized', 'AKV10000: Request is missing a Bearer or PoP token.'),
    headers: { 'www-authenticate': `Bearer ${authority}, resource="https://vault.azure.net"` },
  };
}

/** What the vault's firewall and its roles say to the caller. Access policies are not judged. */
function refusalOf(lab: Lab, { id, body }: ArmResource, { method, headers }: LabRequest): Answer | undefined {
  const address = lab.settings.clientAddress;
  if (!isLetIn(body, address)) {
    return forbidden(`The address ${address} is not let in by the vault's firewall.`, 'ForbiddenByFirewall');
  }
  if (valueAt(body, 'properties', 'enableRbacAuthorization') !== true) return undefined;
  const caller = callerOf(headers);
  const roles = method === 'GET' ? READERS : WRITERS;
  if (caller !== undefined && isGranted({ principals: [caller], on: id.key, roles }, lab.store))
    return undefined;
  return forbidden(
    `The caller ${caller} has none of these roles here: ${roles.join(', ')}.`,
    'ForbiddenByRbac',
  );
}

function forbidden(message: string, code: string): Answer {
  return { status: 403, body: { error: { code: 'Forbidden', message, innererror: { code } } } };
}

function isLetIn(vault: ArmBody, address: string): boolean {
  if (textAt(vault, 'properties', 'publicNetworkAccess')?.toLowerCase() === 'disabled') return false;
  if (textAt(vault, 'properties', 'networkAcls', 'defaultAction')?.toLowerCase() !== 'deny') return true;
  const own = parseIpv4(address);
  const texts = listAt(vault, 'properties', 'networkAcls', 'ipRules').flatMap(
    (rule) => textAt(rule, 'value') ?? [],
  );
  const ranges = rangesIn(texts.map((text) => (text.includes('/') ? text : `${text}/32`)));
  return own !== undefined && ranges.some((range) => containsAddress(range, own));
}
