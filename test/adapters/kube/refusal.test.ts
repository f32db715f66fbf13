import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { refusalError } from '../../../src/adapters/kube/refusal.ts';

const SERVER = 'https://app1.example.org';
const subject = (isSecret = false) => ({ text: 'applying ConfigMap settings', server: SERVER, isSecret });
const answer = (status: number, message: string, causes: readonly object[] = []) => ({
  status,
  body: { kind: 'Status', message, details: { causes } },
});

describe('what an API server refuses', () => {
  it('names each other owner with its fields', () => {
    const conflict = (manager: string, field: string) => ({
      reason: 'FieldManagerConflict',
      message: `conflict with "${manager}" using v1`,
      field,
    });
    const causes = [
      conflict('kubectl', '.data.a'),
      conflict('helm', '.data.b'),
      conflict('kubectl', '.data.c'),
    ];
    assert.equal(
      refusalError(answer(409, 'Apply failed with 3 conflicts', causes), subject()).message,
      'applying ConfigMap settings would take fields from another owner: kubectl owns .data.a, .data.c; ' +
        'helm owns .data.b',
    );
  });

  it('says what to do about a login and a missing role', () => {
    const unknown = refusalError(answer(401, 'Unauthorized'), subject());
    assert.match(unknown.message, /^https:\/\/app1\.example\.org does not know who asks/);
    assert.match(unknown.advice ?? '', /log in again/);
    const forbidden = refusalError(answer(403, 'configmaps is forbidden: User "x"'), subject());
    assert.match(forbidden.message, /is not allowed: configmaps is forbidden/);
    assert.match(forbidden.advice ?? '', /RBAC Cluster Admin/);
  });

  it('adds causes that the message does not hold', () => {
    const causes = [
      { field: 'spec.replicas', message: 'must be at least 0', reason: 'FieldValueInvalid' },
      { message: 'is immutable' },
    ];
    assert.equal(
      refusalError(answer(422, 'x is immutable', causes), subject()).message,
      'applying ConfigMap settings was refused (422): x is immutable\nspec.replicas: must be at least 0',
    );
  });

  it('of a Secret shows fields alone', () => {
    const causes = [{ field: 'data[a]', message: 'Invalid value: "hunter2"', reason: 'FieldValueInvalid' }];
    const { message } = refusalError(answer(422, 'Invalid value: "hunter2"', causes), subject(true));
    assert.doesNotMatch(message, /hunter2/);
    assert.match(message, /data\[a\] \(FieldValueInvalid\)/);
    assert.doesNotMatch(refusalError(answer(400, 'hunter2'), subject(true)).message, /hunter2/);
  });

  it('takes a text of a proxy for its message', () => {
    const { message } = refusalError({ status: 502, body: '<html>Bad gateway</html>' }, subject());
    assert.match(message, /\(502\): <html>Bad gateway<\/html>/);
  });
});
