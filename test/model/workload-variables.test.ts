import assert from 'node:assert/strict';
import { test } from 'node:test';
import { variableName, variablesOf } from '../../src/model/workload-variables.ts';

test('a secret becomes a variable that a shell takes', () => {
  assert.equal(variableName('db-password'), 'DB_PASSWORD');
  assert.equal(variableName('2fa'), '_2FA');
  assert.equal(variableName('Token'), 'TOKEN');
});

test('settings come first, each with what it is made of', () => {
  assert.deepEqual(variablesOf({ env: { MODE: 'on', token: 'x' }, secrets: ['token'] }), [
    { name: 'MODE', from: 'setting', key: 'MODE' },
    { name: 'token', from: 'setting', key: 'token' },
    { name: 'TOKEN', from: 'secret', key: 'token' },
  ]);
});
