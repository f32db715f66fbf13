import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AzureAnswers } from '../fake-world.ts';
import {
  type Change,
  CLUSTERS,
  clustersThere,
  ids,
  platformUnderTest,
  sku,
  SKUS,
  told,
  usage,
  USAGES,
  VERSIONS,
} from './sound-run.ts';

/** atlas in demo: three system nodes of two vCPUs, five usual and thirteen at most of Spot. */
const ENOUGH = { cores: 6, lowPriorityCores: 26, standardDSv3Family: 6 };

function quotas(left: Partial<typeof ENOUGH>, used = 0): AzureAnswers {
  const limits = Object.entries({ ...ENOUGH, ...left });
  return { [USAGES]: limits.map(([name, limit]) => usage(name, used, used + limit)) };
}

describe('the vCPU quota', () => {
  it('is silent where all that may be asked for is left', async () => {
    assert.deepEqual(await told({ answers: quotas({}) }), []);
    assert.deepEqual(await told({ answers: quotas({}, 90) }), []);
  });

  it('refuses what the usual nodes need and is not left, quota by quota', async () => {
    const [family, cores, ...others] = await told({
      answers: quotas({ cores: 4, standardDSv3Family: 0 }, 10),
    });
    assert.deepEqual(others, []);
    assert.deepEqual(family, {
      id: 'vcpu-quota',
      severity: 'error',
      message:
        'standardDSv3Family vCPUs in koreacentral: 0 of 10 are left, and mgmt/system, app1/system and app2/system need 6',
      advice: 'ask for 16 in the Azure portal, Quotas, Compute (16 at most), or plan fewer or smaller nodes',
    });
    assert.match(cores!.message, /^cores vCPUs in koreacentral: 4 of 14 are left/);
  });

  it('warns of what the autoscaler may ask for, and counts Spot apart', async () => {
    const [spot, ...others] = await told({ answers: quotas({ lowPriorityCores: 25 }) });
    assert.deepEqual(others, []);
    assert.equal(spot!.severity, 'warning');
    assert.match(
      spot!.message,
      /^lowPriorityCores vCPUs in koreacentral: 25 of 25 are left, and .* may grow by 26$/,
    );
    const [refused] = await told({ answers: quotas({ lowPriorityCores: 9 }) });
    assert.equal(refused!.severity, 'error');
  });

  it('counts a limit below what is used as nothing left', async () => {
    const usages = [
      usage('cores', 20, 10),
      usage('lowPriorityCores', 0, 26),
      usage('standardDSv3Family', 0, 6),
    ];
    const [cores] = await told({ answers: { [USAGES]: usages } });
    assert.match(cores!.message, /0 of 10 are left/);
  });

  it('counts only what is added to the pools that run', async () => {
    const platform = platformUnderTest();
    const none = quotas({ cores: 0, lowPriorityCores: 16, standardDSv3Family: 0 }, 30);
    const there = (pool: (name: string) => object) => ({ [CLUSTERS]: clustersThere(platform, { pool }) });
    assert.deepEqual(await told({ answers: { ...none, ...there(() => ({})) } }), []);
    // Scaled up further than usual: nothing is added.
    const busy = there((name) => (name === 'system' ? { count: 9 } : { count: 5 }));
    assert.deepEqual(await told({ answers: { ...none, ...busy } }), []);
    // A pool of another size is made anew beside the old one.
    const other = there((name) => (name === 'system' ? { vmSize: 'Standard_D4s_v3' } : {}));
    const refusals = await told({ answers: { ...none, ...other } });
    assert.deepEqual(ids(refusals), ['error vcpu-quota', 'error vcpu-quota']);
  });

  it('counts a new cluster beside those that run, and no stopped one', async () => {
    const platform = platformUnderTest();
    const [mgmt, app1] = clustersThere(platform);
    const none = quotas({ cores: 0, lowPriorityCores: 26, standardDSv3Family: 0 }, 30);
    const [refusal] = await told({ answers: { ...none, [CLUSTERS]: [mgmt, app1] } });
    assert.match(refusal!.message, /app2\/system need 2$/);
    const asleep = clustersThere(platform, { properties: { powerState: { code: 'Stopped' } } });
    const refusals = await told({ answers: { ...none, [CLUSTERS]: asleep } });
    assert.ok(refusals.every(({ id }) => id === 'cluster-state'));
  });

  it('warns of quotas that Azure does not tell of', async () => {
    const usages = [usage('CORES', 0, 6), usage('standarddsv3family', 0, 6)];
    const [spot, ...others] = await told({ answers: { [USAGES]: usages } });
    assert.deepEqual(others, []);
    assert.match(spot!.message, /tells of no vCPU quota lowPriorityCores in koreacentral/);
  });
});

describe('VM sizes and zones', () => {
  const SIZE = 'Standard_D2s_v3';
  const offer = (zones: readonly string[], restrictions: readonly object[] = []): Change => ({
    environment: 'production',
    answers: {
      [SKUS]: [
        { resourceType: 'disks', name: SIZE },
        sku(SIZE, zones, restrictions),
        sku('Standard_D4s_v3', ['1', '2', '3']),
        sku('Standard_D2ds_v5', ['1', '2', '3']),
      ],
    },
  });

  it('are silent where everything is offered, whatever else is withheld', async () => {
    const elsewhere = [{ type: 'Zone', reasonCode: 'QuotaId', restrictionInfo: { zones: ['4'] } }];
    assert.deepEqual(await told(offer(['3', '1', '2'], elsewhere)), []);
  });

  it('are refused where the region does not have the size', async () => {
    const [refusal, ...others] = await told({ answers: { [SKUS]: [sku('Standard_D4s_v3', [])] } });
    assert.deepEqual(others, []);
    assert.match(
      refusal!.message,
      /^Standard_D2s_v3, which mgmt\/system, .* and 3 more want, is not offered in koreacentral$/,
    );
    assert.match(refusal!.advice, /az vm list-skus --location koreacentral/);
  });

  it('are refused where the subscription may not have the size, with the reason', async () => {
    for (const [reasonCode, why] of [
      [
        'NotAvailableForSubscription',
        /Azure keeps it from this subscription \(NotAvailableForSubscription\)/,
      ],
      ['QuotaId', /the offer of the subscription does not include it \(QuotaId\)/],
      ['Else', /Azure says no more \(Else\)/],
    ] as const) {
      const restriction = { type: 'Location', reasonCode, restrictionInfo: { locations: ['koreacentral'] } };
      const refusals = await told(offer([], [restriction]));
      assert.deepEqual(ids(refusals), ['error vm-size']);
      assert.match(refusals[0]!.message, why);
    }
  });

  it('are refused in zones that the size is not in', async () => {
    const [refusal, ...others] = await told(offer(['1', '3']));
    assert.deepEqual(others, []);
    assert.match(
      refusal!.message,
      /^Standard_D2s_v3 is not offered in zone 2 of koreacentral, and .* want there$/,
    );
    assert.match(refusal!.advice, /take the zones 1, 3/);
  });

  it('are refused in zones that are withheld, each once', async () => {
    const restriction = (zones: readonly string[]) => ({
      type: 'Zone',
      reasonCode: 'NotAvailableForSubscription',
      restrictionInfo: { locations: ['koreacentral'], zones },
    });
    const [refusal, ...others] = await told(offer(['1', '2', '3'], [restriction(['2', '3'])]));
    assert.deepEqual(others, []);
    assert.match(refusal!.message, /is withheld in zones 2, 3 of koreacentral: Azure keeps it/);
    const both = await told(offer(['1', '2'], [restriction(['3'])]));
    assert.deepEqual(ids(both), ['error vm-size']);
  });

  it('are not asked of pools that run', async () => {
    const answers = { [SKUS]: [], [CLUSTERS]: clustersThere(platformUnderTest()).slice(0, 2) };
    const [refusal] = await told({ answers });
    assert.match(refusal!.message, /which app2\/system and app2\/\w+ want/);
  });
});

describe('Kubernetes versions', () => {
  const fleet = { clusters: { mgmt: { role: 'mgmt', kubernetes: '1.35' }, app1: { kubernetes: '1.35' } } };
  const offered = (...versions: readonly object[]): Change => ({
    fleet,
    answers: { [VERSIONS]: { values: versions } },
  });
  const official = { capabilities: { supportPlan: ['KubernetesOfficial'] } };

  it('are refused where the region does not offer them', async () => {
    const [refusal, ...others] = await told(
      offered({ version: '1.36', ...official }, { version: '1.37' }, { version: '1.38', isPreview: true }),
    );
    assert.deepEqual(others, []);
    assert.deepEqual(refusal, {
      id: 'kubernetes-version',
      severity: 'error',
      message: 'Kubernetes 1.35 of mgmt and app1 is not offered in koreacentral',
      advice: 'write `kubernetes` as one of 1.36 and 1.37',
    });
    const [none] = await told(offered());
    assert.equal(none!.advice, 'take another region');
  });

  it('take the Premium tier where long-term support is all that is left', async () => {
    const longTerm = { version: '1.35', capabilities: { supportPlan: ['AKSLongTermSupport'] } };
    const [refusal] = await told(offered(longTerm));
    assert.match(refusal!.message, /for long-term support alone, which the Free tier has not$/);
    const premium = { clusters: { mgmt: { role: 'mgmt', kubernetes: '1.35', sku: 'Premium' } } };
    assert.deepEqual(await told({ ...offered(longTerm), fleet: premium }), []);
  });

  it('may be a patch that is there', async () => {
    const patched = { version: '1.35', ...official, patchVersions: { '1.35.3': {} } };
    const at = (kubernetes: string): Change => ({
      ...offered(patched),
      fleet: { clusters: { mgmt: { role: 'mgmt', kubernetes } } },
    });
    assert.deepEqual(await told(at('1.35.3')), []);
    const [refusal] = await told(at('1.35.1'));
    assert.match(
      refusal!.message,
      /^Kubernetes 1\.35\.1 of mgmt is no patch of 1\.35 .*: there are 1\.35\.3$/,
    );
  });

  it('are a warning in preview, and stay where they run', async () => {
    const refusals = await told(offered({ version: '1.35', isPreview: true }));
    assert.deepEqual(ids(refusals), ['warning kubernetes-version']);
    const there = clustersThere(platformUnderTest({ fleet }), {
      properties: { kubernetesVersion: '1.35.7' },
    });
    const answers = { [VERSIONS]: { values: [] }, [CLUSTERS]: there };
    assert.deepEqual(await told({ fleet, answers }), []);
  });
});
