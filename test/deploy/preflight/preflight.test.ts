import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../../src/base/step-error.ts';
import { preflight } from '../../../src/deploy/preflight/index.ts';
import {
  CLUSTERS,
  clustersThere,
  ids,
  PERMISSIONS,
  platformUnderTest,
  PROVIDERS,
  REGISTERED,
  SKUS,
  soundRun,
  SUBSCRIPTION,
  TENANT,
  told,
  usage,
  USAGES,
  VERSIONS,
} from './sound-run.ts';

describe('preflight', () => {
  it('is silent where nothing stands in the way', async () => {
    assert.deepEqual(await told(), []);
    assert.deepEqual(await told({ environment: 'production' }), []);
  });

  it('is silent of a fleet that is there, even where nothing is left', async () => {
    const answers = {
      [CLUSTERS]: clustersThere(platformUnderTest()),
      [SKUS]: [],
      [VERSIONS]: { values: [] },
    };
    const most = platformUnderTest().clusters.flatMap(({ pools }) =>
      pools.map(({ nodesMax, nodesUsual }) => nodesMax - nodesUsual),
    );
    const left = 2 * most.reduce((sum, nodes) => sum + nodes, 0);
    const usages = ['cores', 'lowPriorityCores', 'standardDSv3Family'].map((name) =>
      usage(name, 50, name === 'lowPriorityCores' ? 50 + left : 50),
    );
    assert.deepEqual(await told({ answers: { ...answers, [USAGES]: usages } }), []);
  });

  it('tells everything at once, in one order', async () => {
    const refusals = await told({
      fleet: { gitops: undefined },
      deployment: { keeperImage: undefined as never },
      ports: {
        terraform: { version: async () => ({ program: 'tofu', version: '1.9.1' }) } as never,
        helm: { version: async () => '3.18.0' } as never,
      },
      answers: {
        [PERMISSIONS]: [
          { actions: ['*'], notActions: ['Microsoft.Authorization/*/Write', '*/register/action'] },
        ],
        [REGISTERED]: [],
        [USAGES]: [],
        [SKUS]: [],
        [VERSIONS]: undefined,
      },
    });
    assert.deepEqual(ids(refusals), [
      'error git-repository',
      'error keeper-image',
      'error tools',
      'error tools',
      'error permissions',
      'error provider-registration',
      'warning vcpu-quota',
      'warning vcpu-quota',
      'warning vcpu-quota',
      'error vm-size',
      'error kubernetes-version',
    ]);
    for (const { message, advice } of refusals) {
      assert.doesNotMatch(message, /\.$|undefined|NaN|\[object/);
      assert.doesNotMatch(advice, /undefined|NaN|\[object/);
      assert.ok(advice.length > 0);
    }
  });

  it('makes a warning of what cannot be asked', async () => {
    const denied = new StepError('AuthorizationFailed (403)', { advice: 'ask for the role Reader' });
    const answers = Object.fromEntries(
      [PERMISSIONS, REGISTERED, USAGES, SKUS, VERSIONS, CLUSTERS].map((request) => [request, denied]),
    );
    const refusals = await told({ answers });
    assert.deepEqual(ids(refusals), [
      'warning permissions',
      'warning provider-registration',
      'warning vcpu-quota',
      'warning vm-size',
      'warning kubernetes-version',
      'warning cluster-state',
      'warning forgotten-cluster',
    ]);
    assert.deepEqual(refusals[2], {
      id: 'vcpu-quota',
      severity: 'warning',
      message: 'the vCPU quota could not be checked: AuthorizationFailed (403)',
      advice: 'ask for the role Reader',
    });
  });

  it('asks for the clusters and the permissions once', async () => {
    const asked: string[] = [];
    await told({ asked, fleet: { network: { apiServer: 'private' } } });
    for (const request of [CLUSTERS, PERMISSIONS]) {
      assert.equal(asked.filter((each) => each === request).length, 1, request);
    }
  });

  it('finds nothing in a subscription that has registered nothing', async () => {
    const fresh = new StepError('listing was refused (409 MissingSubscriptionRegistration): register first');
    const lists = [
      CLUSTERS,
      ...['KeyVault/deletedVaults', 'OperationalInsights/deletedWorkspaces'].map(
        (path) => `LIST ${PROVIDERS}/Microsoft.${path}`,
      ),
    ];
    assert.deepEqual(await told({ answers: Object.fromEntries(lists.map((list) => [list, fresh])) }), []);
    assert.deepEqual(ids(await told({ answers: { [USAGES]: fresh } })), ['warning vcpu-quota']);
  });

  it('ends when it is stopped, and with our own bugs', async () => {
    const stop = new AbortController();
    const late = (): never => {
      stop.abort(new Error('stopped'));
      throw new StepError('cut off');
    };
    await assert.rejects(preflight(soundRun({ answers: { [USAGES]: late } }), stop.signal), /stopped/);
    await assert.rejects(told({ answers: { [USAGES]: new TypeError('a bug') } }), /a bug/);
  });
});

describe('where the fleet is to be', () => {
  it('is refused alone where the fleet file does not say', async () => {
    const zeros = '00000000-0000-0000-0000-000000000000';
    const one = await told({ deployment: { subscription: zeros } });
    assert.deepEqual(ids(one), ['error azure-ids']);
    assert.match(one[0]!.message, /^azure\.subscription is not written/);
    const [both] = await told({ deployment: { subscription: zeros, tenant: '' } });
    assert.match(both!.message, /^azure\.subscription and azure\.tenant are not written/);
  });

  it('is refused with what Azure has no part in: the programs, and Git', async () => {
    const zeros = '00000000-0000-0000-0000-000000000000';
    const ports = {
      helm: { version: async () => '3.19.0' } as never,
      git: { remoteRevision: async () => undefined, treeAt: async () => undefined },
    };
    const asked: string[] = [];
    const refusals = await told({ deployment: { subscription: zeros }, ports, asked });
    assert.deepEqual(ids(refusals), ['error azure-ids', 'error tools', 'error git-revision']);
    assert.deepEqual(asked, []);
    const elsewhere = await told({ caller: { tenant: 'other', objectId: 'o', kind: 'User' }, ports });
    assert.deepEqual(ids(elsewhere), ['error sign-in', 'error tools', 'error git-revision']);
  });

  it('is refused alone where nobody is signed in, or elsewhere', async () => {
    const [nobody, ...others] = await told({
      caller: new StepError('no credential works'),
      answers: { [USAGES]: [] },
    });
    assert.deepEqual(others, []);
    assert.deepEqual(nobody, {
      id: 'sign-in',
      severity: 'error',
      message: 'no sign-in to Azure works: no credential works',
      advice: `az login --tenant ${TENANT}`,
    });
    const elsewhere = await told({ caller: { tenant: 'other', objectId: 'o', kind: 'User' } });
    assert.deepEqual(ids(elsewhere), ['error sign-in']);
    assert.match(elsewhere[0]!.message, /of the tenant other, and azure\.tenant is/);
  });

  it('is compared without regard to case', async () => {
    const caller = { tenant: TENANT.toUpperCase(), objectId: 'o', kind: 'User' } as const;
    assert.deepEqual(await told({ caller }), []);
  });

  it('is refused alone for a subscription that is not to be had', async () => {
    const subscription = (answer: unknown) =>
      told({ answers: { [`GET /subscriptions/${SUBSCRIPTION}`]: answer, [USAGES]: [] } });
    const cases: [unknown, RegExp][] = [
      [undefined, /sees no subscription/],
      [{ state: 'Enabled', tenantId: 'other' }, /belongs to the tenant other/],
      [{ state: 'Disabled', tenantId: TENANT }, /is Disabled: nothing can be made in it/],
      [{ state: 'Warned', tenantId: TENANT }, /is Warned/],
      [new StepError('forbidden'), /cannot be read: forbidden/],
    ];
    for (const [answer, message] of cases) {
      const refusals = await subscription(answer);
      assert.deepEqual(ids(refusals), ['error subscription']);
      assert.match(refusals[0]!.message, message);
    }
    const late = await told({
      answers: { [`GET /subscriptions/${SUBSCRIPTION}`]: { state: 'PastDue', tenantId: TENANT } },
    });
    assert.deepEqual(ids(late), ['warning subscription']);
  });
});

describe('the programs', () => {
  it('are refused when they are too old, or missing', async () => {
    const helm = {
      version: async () => {
        throw new StepError('helm was not found on PATH', { advice: 'install Helm 4' });
      },
    } as never;
    const [refusal, ...others] = await told({ ports: { helm } });
    assert.deepEqual(others, []);
    assert.deepEqual(refusal, {
      id: 'tools',
      severity: 'error',
      message: 'helm was not found on PATH',
      advice: 'install Helm 4',
    });
    const terraform = { version: async () => ({ program: 'terraform', version: '1.10.5' }) } as never;
    const [old] = await told({ ports: { terraform } });
    assert.equal(old!.message, 'Terraform 1.10.5 is too old: 1.11 is needed');
  });

  it('may be newer, or of somebody’s own', async () => {
    for (const version of ['1.11.0', '1.15.0-rc1', '2.0.0', 'devel']) {
      const terraform = { version: async () => ({ program: 'tofu', version }) } as never;
      assert.deepEqual(await told({ ports: { terraform } }), [], version);
    }
  });
});
