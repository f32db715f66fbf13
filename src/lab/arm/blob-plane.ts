import { createHash } from 'node:crypto';
import { compareText } from '../../base/order.ts';
import type { Answer, LabRequest } from './answer.ts';
import { isLocked, leaseOutcome, leaseState } from './blob-lease.ts';
import { armId } from './id.ts';
import type { Blob, BlobContainer, Metadata } from './kept.ts';
import { STATE_ACCOUNT, STATE_CONTAINER } from './kinds/storage.ts';
import type { Lab } from './lab.ts';
import { uuidOf } from './uuid.ts';

type BlobCall = {
  readonly lab: Lab;
  readonly request: LabRequest;
  readonly now: number;
  readonly key: string;
  readonly container: BlobContainer;
  readonly name: string;
  readonly blob: Blob | undefined;
};

const METADATA = 'x-ms-meta-';

/**
 * `https://<account>.blob.core.windows.net`: as much of block blobs as Terraform's azurerm backend and a fleet's lease ask
 * for, which is containers, blobs with metadata, and leases. The account of the lab's own needs nobody to make it.
 */
export function answerBlob(lab: Lab, request: LabRequest, now: number): Answer {
  const account = request.host.split('.')[0]!.toLowerCase();
  if (!isAccount(lab, account))
    return blobError(404, 'ResourceNotFound', `There is no storage account ${account}.`);
  const [containerName, ...rest] = decodeURIComponent(request.path)
    .split('/')
    .filter((part) => part !== '');
  if (containerName === undefined) return blobError(404, 'NotKnownToTheLab', 'The lab lists no containers.');
  const key = `${account}/${containerName.toLowerCase()}`;
  if (request.query.get('restype') === 'container' && request.query.get('comp') === null) {
    return onContainer(lab, request, key);
  }
  const container = containerOf(lab, key);
  if (!container) return blobError(404, 'ContainerNotFound', 'The specified container does not exist.');
  if (request.query.get('comp') === 'list') return blobList(container, request.query.get('prefix') ?? '');
  const name = rest.join('/');
  return onBlob({ lab, request, now, key, container, name, blob: container.blobs[name] });
}

function onContainer(lab: Lab, { method, headers }: LabRequest, key: string): Answer {
  const container = containerOf(lab, key);
  if (method === 'PUT') {
    if (container) return blobError(409, 'ContainerAlreadyExists', 'The specified container already exists.');
    lab.containers.set(key, { metadata: metadataIn(headers), blobs: {} });
    return { status: 201 };
  }
  if (!container) return blobError(404, 'ContainerNotFound', 'The specified container does not exist.');
  if (method === 'DELETE') {
    lab.containers.delete(key);
    return { status: 202 };
  }
  return {
    status: 200,
    headers: { ...metadataHeaders(container.metadata), 'x-ms-lease-state': 'available' },
  };
}

function onBlob(call: BlobCall): Answer {
  const { request, blob } = call;
  const comp = request.query.get('comp');
  if (request.method === 'PUT' && comp === null) return putBlob(call);
  if (!blob) return blobError(404, 'BlobNotFound', 'The specified blob does not exist.');
  if (request.method === 'PUT' && comp === 'lease') return onLease(call, blob);
  if (request.method === 'GET' || request.method === 'HEAD')
    return { status: 200, ...described(blob, request.method, call.now) };
  const no = leaseRefusal(call);
  if (no) return no;
  if (request.method === 'PUT' && comp === 'metadata') {
    save(call, { ...blob, metadata: metadataIn(request.headers), modified: call.now });
    return { status: 200, headers: { etag: etagOf(blob) } };
  }
  if (request.method === 'PUT' && comp === 'properties')
    return { status: 200, headers: { etag: etagOf(blob) } };
  if (request.method === 'DELETE') {
    const others = Object.entries(call.container.blobs).filter(([name]) => name !== call.name);
    call.lab.containers.set(call.key, { ...call.container, blobs: Object.fromEntries(others) });
    return { status: 202 };
  }
  return {
    ...blobError(404, 'NotKnownToTheLab', `The lab does not know ${comp} of blobs.`),
    isUnknown: true,
  };
}

function putBlob(call: BlobCall): Answer {
  const { request, blob, now } = call;
  const no = leaseRefusal(call);
  if (no) return no;
  if (request.headers['if-none-match'] === '*' && blob) {
    return blobError(409, 'BlobAlreadyExists', 'The specified blob already exists.');
  }
  const type =
    request.headers['x-ms-blob-content-type'] ??
    request.headers['content-type'] ??
    'application/octet-stream';
  const content = request.body.toString('base64');
  const lease = blob?.lease === undefined ? {} : { lease: blob.lease };
  const written = { content, type, metadata: metadataIn(request.headers), modified: now, ...lease };
  save(call, written);
  return { status: 201, headers: { etag: etagOf(written), 'last-modified': new Date(now).toUTCString() } };
}

function onLease(call: BlobCall, blob: Blob): Answer {
  const { lease, ...free } = blob;
  const outcome = leaseOutcome(lease, call.request, {
    now: call.now,
    isModified: lease?.until !== undefined && blob.modified > lease.until,
    newId: uuidOf(`lease of ${call.key}/${call.name} ${(call.lab.revision += 1)}`),
  });
  if (outcome.kind === 'refused') return blobError(outcome.status, outcome.code, outcome.message);
  save(call, outcome.kind === 'held' ? { ...free, lease: outcome.lease } : free);
  return outcome.answer;
}

function leaseRefusal({ blob, request, now }: BlobCall): Answer | undefined {
  const own = request.headers['x-ms-lease-id'];
  const lease = blob?.lease;
  if (!isLocked(lease, now)) {
    if (own === undefined) return undefined;
    return lease
      ? blobError(412, 'LeaseLost', 'A lease ID was specified, but the lease for the blob has expired.')
      : blobError(412, 'LeaseNotPresentWithBlobOperation', 'There is currently no lease on the blob.');
  }
  if (own === lease?.id) return undefined;
  return own === undefined
    ? blobError(
        412,
        'LeaseIdMissing',
        'There is currently a lease on the blob and no lease ID was specified in the request.',
      )
    : blobError(
        412,
        'LeaseIdMismatchWithBlobOperation',
        'The lease ID specified did not match the lease ID for the blob.',
      );
}

function described(blob: Blob, method: string, now: number): Pick<Answer, 'headers' | 'body'> {
  const content = Buffer.from(blob.content, 'base64');
  const headers = {
    ...metadataHeaders(blob.metadata),
    'content-type': blob.type,
    'content-length': String(content.length),
    'content-md5': createHash('md5').update(content).digest('base64'),
    etag: etagOf(blob),
    'last-modified': new Date(blob.modified).toUTCString(),
    'x-ms-blob-type': 'BlockBlob',
    'x-ms-lease-state': leaseState(blob.lease, now),
    'x-ms-lease-status': isLocked(blob.lease, now) ? 'locked' : 'unlocked',
  };
  return method === 'HEAD' ? { headers } : { headers, body: content };
}

function blobList({ blobs }: BlobContainer, prefix: string): Answer {
  const names = Object.keys(blobs)
    .filter((name) => name.startsWith(prefix))
    .sort(compareText);
  const items = names.map((name) => `<Blob><Name>${escaped(name)}</Name></Blob>`).join('');
  return xml(200, `<EnumerationResults><Blobs>${items}</Blobs><NextMarker/></EnumerationResults>`);
}

function save({ lab, key, container, name }: BlobCall, blob: Blob): void {
  lab.containers.set(key, { ...container, blobs: { ...container.blobs, [name]: blob } });
}

/** A container that was made here, or by Azure Resource Manager, or that every lab has. */
function containerOf(lab: Lab, key: string): BlobContainer | undefined {
  const isKnown = key === `${STATE_ACCOUNT}/${STATE_CONTAINER}` || isManaged(lab, key);
  return lab.containers.get(key) ?? (isKnown ? { metadata: {}, blobs: {} } : undefined);
}

function isManaged(lab: Lab, key: string): boolean {
  return lab.store.ofType('microsoft.storage/storageaccounts/blobservices/containers').some(({ id }) => {
    const account = armId(armId(id.parent!).parent!).name;
    return `${account}/${id.name}`.toLowerCase() === key;
  });
}

function isAccount(lab: Lab, name: string): boolean {
  const accounts = lab.store.ofType('microsoft.storage/storageaccounts');
  return name === STATE_ACCOUNT || accounts.some(({ id }) => id.name.toLowerCase() === name);
}

function metadataIn(headers: LabRequest['headers']): Metadata {
  const own = Object.entries(headers).filter(([name]) => name.startsWith(METADATA));
  return Object.fromEntries(own.map(([name, value]) => [name.slice(METADATA.length), value]));
}

function metadataHeaders(metadata: Metadata): Record<string, string> {
  return Object.fromEntries(Object.entries(metadata).map(([name, value]) => [METADATA + name, value]));
}

function etagOf({ content, modified, metadata }: Blob): string {
  return `"${uuidOf(`${modified} ${content} ${JSON.stringify(metadata)}`)}"`;
}

function blobError(status: number, code: string, message: string): Answer {
  const answer = xml(status, `<Error><Code>${code}</Code><Message>${escaped(message)}</Message></Error>`);
  return { ...answer, headers: { ...answer.headers, 'x-ms-error-code': code } };
}

function xml(status: number, text: string): Answer {
  const body = Buffer.from(`<?xml version="1.0" encoding="utf-8"?>${text}`);
  return { status, headers: { 'content-type': 'application/xml' }, body };
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
