import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openVault } from '../../../src/adapters/azure/vault.ts';
import { StepError } from '../../../src/base/step-error.ts';
import { objectIdOf } from '../../../src/lab/arm/entra.ts';
import type { Fault } from '../../../src/lab/arm/faults.ts';
import { GROUP, labUnderTest } from '../../lab/arm/lab-under-test.ts';
import { clockOf, intoLab, SIGNAL, signedInto } from './transports.ts';

const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`;
const URI = 'https://kv.vault.azure.net/';
const OFFICER = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';

function vaultInLab({
  properties = {},
  faults = [],
}: { readonly properties?: object; readonly faults?: readonly Fault[] } = {}) {
  const lab = labUnderTest({}, { faults });
  lab.told(201, 'PUT', VAULT, { location: 'koreacentral', properties });
  const clock = clockOf(lab);
  const vault = openVault(signedInto(lab), { transport: intoLab(lab), ...clock });
  return { lab, vault, waits: clock.waits };
}

const onSecrets = (effect: Fault['effect'], times: Fault['times'] = 1): Fault => ({
  path: '/secrets*',
  times,
  effect,
});

async function refusal(call: Promise<unknown>): Promise<StepError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof StepError, String(error));
  return error;
}

describe('a vault', () => {
  it('is written to, read from and listed', async () => {
    const { vault } = vaultInLab();
    assert.equal(await vault.get(URI, 'word', SIGNAL), undefined);
    await vault.set(URI, 'word', 'swordfish', SIGNAL);
    await vault.set(URI, 'word', 'sesame', SIGNAL);
    assert.equal(await vault.get(URI, 'word', SIGNAL), 'sesame');
    for (let count = 0; count < 30; count += 1) await vault.set(URI, `more-${count}`, 'x', SIGNAL);
    const secrets = await vault.list(URI, SIGNAL);
    assert.equal(secrets.length, 31);
    const word = secrets.find(({ name }) => name === 'word');
    assert.deepEqual(word, { name: 'word', updated: '2026-11-22T12:00:00.000Z', isEnabled: true });
  });

  it('takes many at once, also as the first that it is asked', async () => {
    const { vault } = vaultInLab();
    const names = ['a', 'b', 'c', 'd'];
    await Promise.all(names.map((name) => vault.set(URI, name, `value of ${name}`, SIGNAL)));
    const values = await Promise.all(names.map((name) => vault.get(URI, name, SIGNAL)));
    assert.deepEqual(
      values,
      names.map((name) => `value of ${name}`),
    );
  });

  it('is asked again when it is busy, and with another token when one has ended', async () => {
    const { vault, lab, waits } = vaultInLab({
      faults: [
        onSecrets({ kind: 'refuse', status: 429, retryAfterSeconds: 9 }),
        { ...onSecrets({ kind: 'drop' }), from: 2 },
      ],
    });
    await vault.set(URI, 'word', 'swordfish', SIGNAL);
    assert.deepEqual(waits, [9000, 2000]);
    lab.clock.now += 2 * 60 * 60 * 1000;
    assert.equal(await vault.get(URI, 'word', SIGNAL), 'swordfish');
  });

  it('says whether its firewall or a role stands in the way', async () => {
    const closed = vaultInLab({ properties: { networkAcls: { defaultAction: 'Deny', ipRules: [] } } });
    const firewall = await refusal(closed.vault.get(URI, 'word', SIGNAL));
    assert.match(
      firewall.message,
      /^reading the secret word in kv\.vault\.azure\.net was refused \(403 ForbiddenByFirewall\)/,
    );
    assert.match(firewall.advice!, /operators\.ipRanges/);
    const { vault, lab } = vaultInLab({ properties: { enableRbacAuthorization: true } });
    const role = await refusal(vault.set(URI, 'word', 'swordfish', SIGNAL));
    assert.match(role.message, /\(403 ForbiddenByRbac\)/);
    assert.match(role.advice!, /Key Vault Secrets Officer on kv/);
    assert.equal((await refusal(vault.list(URI, SIGNAL))).advice, role.advice);
    lab.told(200, 'PUT', `${VAULT}/providers/Microsoft.Authorization/roleAssignments/${OFFICER}`, {
      properties: { principalId: objectIdOf('me'), roleDefinitionId: `/x/${OFFICER}` },
    });
    await vault.set(URI, 'word', 'swordfish', SIGNAL);
  });

  it('tells a name that is kept for a deleted secret', async () => {
    const { vault, lab } = vaultInLab();
    await vault.set(URI, 'word', 'one', SIGNAL);
    const authorization = 'Bearer of somebody';
    lab.ask('DELETE', `${URI}secrets/word`, { headers: { authorization } });
    assert.equal(await vault.get(URI, 'word', SIGNAL), undefined);
    assert.match(
      (await refusal(vault.set(URI, 'word', 'two', SIGNAL))).advice!,
      /az keyvault secret recover/,
    );
  });

  it('never tells a value', async () => {
    const effects: readonly Fault['effect'][] = [
      { kind: 'refuse', status: 400 },
      { kind: 'refuse', status: 403 },
      { kind: 'refuse', status: 500 },
      { kind: 'drop' },
    ];
    for (const effect of effects) {
      const { vault } = vaultInLab({ faults: [onSecrets(effect, 'always')] });
      const error = await refusal(vault.set(URI, 'word', 'swordfish', SIGNAL));
      const told = [error.message, error.advice, error.stack, JSON.stringify(error.cause)].join('\n');
      assert.doesNotMatch(told, /swordfish/);
      assert.match(error.message, /secret word|kv\.vault/);
    }
  });

  it('stops when it is told to', async () => {
    const { vault } = vaultInLab();
    await assert.rejects(vault.get(URI, 'word', AbortSignal.abort(new Error('Ctrl-C'))), /^Error: Ctrl-C$/);
  });
});
