import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { usd } from '../../src/base/money.ts';
import { METER_IDS, metersIn, type MeterId } from '../../src/catalog/meters.ts';
import { regions } from '../../src/catalog/regions.ts';

/** US dollars per unit; undefined is unknown. eastus, then koreacentral. */
const RATES: Readonly<Partial<Record<MeterId, readonly [number | undefined, number | undefined]>>> = {
  'aks-standard-tier': [0.1, 0.1],
  'aks-premium-tier': [0.6, 0.6],
  'load-balancer-rules-first-5': [0.025, 0.025],
  'load-balancer-rule-extra': [0.01, 0.01],
  'load-balancer-data': [0.005, 0.005],
  'public-ip-standard': [0.005, 0.005],
  'nat-gateway': [0.045, 0.045],
  'nat-gateway-data': [0.045, 0.045],
  'private-endpoint': [0.01, 0.01],
  'private-endpoint-data': [0.01, 0.01],
  'private-dns-zone': [0.5, 0.5],
  'key-vault-operations': [0.03, 0.03],
  'registry-basic': [0.1666, 0.1666],
  'registry-standard': [0.6666, 0.6666],
  'registry-premium': [1.6666, 1.6666],
  'disk-standard-ssd-e4': [2.4, 2.4],
  'disk-standard-ssd-e6': [4.8, 4.8],
  'disk-standard-ssd-e10': [9.6, 9.6],
  'disk-standard-ssd-e30': [76.8, 76.8],
  'disk-standard-ssd-zrs-e4': [3.6, 3.6],
  'disk-standard-ssd-zrs-e6': [7.2, 7.2],
  'disk-standard-ssd-zrs-e10': [14.4, 14.4],
  'disk-standard-ssd-zrs-e30': [115.2, 115.2],
  'disk-premium-ssd-p4': [5.28, 5.28],
  'disk-premium-ssd-p6': [10.21, 10.21],
  'disk-premium-ssd-p10': [19.71, 19.71],
  'disk-premium-ssd-p15': [undefined, undefined],
  'disk-premium-ssd-p20': [73.22, 73.22],
  'disk-premium-ssd-p30': [135.17, 135.17],
  'log-ingestion': [2.3, 3.11],
  'log-retention': [0.1, 0.14],
  'basic-logs-ingestion': [0.5, undefined],
  'log-alert-rule-1-min': [3, 3],
  'log-alert-rule-5-min': [1.5, 1.5],
  'log-alert-rule-10-min': [1, 1],
  'log-alert-rule-15-min': [0.5, 0.5],
  'metric-alert-series': [0.1, 0.1],
  'container-instances-vcpu': [0.0405, undefined],
  'container-instances-memory': [0.00445, undefined],
  'container-apps-vcpu': [0.000024, undefined],
  'container-apps-memory': [0.000003, undefined],
  'blob-hot-stored': [0.0184, 0.02],
  'blob-hot-write': [0.05, 0.05],
  'blob-hot-read': [undefined, 0.004],
  'egress-internet': [0.087, 0.12],
  'egress-inter-region': [0.02, 0.08],
  'egress-inter-zone': [0.01, 0.01],
  'peering-same-region': [0.01, 0.01],
  'peering-global': [0.035, 0.09],
  'managed-grafana-node': [undefined, undefined],
  'managed-grafana-user': [undefined, undefined],
  'managed-prometheus-samples': [undefined, undefined],
};

describe('meters', () => {
  it('repeat recorded rates to the micro-dollar', () => {
    const eastus = metersIn('eastus');
    const korea = metersIn('koreacentral');
    const micros = (value: number | undefined) => (value === undefined ? undefined : usd(value));
    for (const [id, [inEastus, inKorea]] of Object.entries(RATES)) {
      assert.equal(eastus[id as MeterId].rate, micros(inEastus), id);
      assert.equal(korea[id as MeterId].rate, micros(inKorea), id);
    }
  });

  it('are the same closed list in the data and in the type', () => {
    assert.deepEqual(Object.keys(metersIn('eastus')), [...METER_IDS]);
  });

  it('are never 0 where the rate is unknown, and always say where they come from', () => {
    for (const { name } of regions()) {
      for (const [id, meter] of Object.entries(metersIn(name))) {
        assert.equal(meter.id, id);
        assert.equal(meter.rate === undefined, meter.confidence === 'unknown', `${id} in ${name}`);
        if (meter.rate !== undefined) assert.ok(Number.isInteger(meter.rate) && meter.rate > 0, id);
        if (meter.rateRange) assert.ok(0 < meter.rateRange.low && meter.rateRange.low < meter.rateRange.high);
        assert.match(meter.date, /^20\d\d(-\d\d(-\d\d)?)?$/);
        assert.match(meter.source, /20\d\d/);
        assert.ok(meter.service !== '' && meter.armRegionName !== '');
      }
    }
  });

  it('bracket what is unknown by the regions recorded', () => {
    const korea = metersIn('koreacentral');
    assert.deepEqual(korea['container-instances-vcpu'].rateRange, { low: 40_500, high: 46_600 });
    assert.deepEqual(korea['container-instances-memory'].rateRange, { low: 4_450, high: 5_110 });
    assert.deepEqual(korea['container-apps-vcpu'].rateRange, { low: 24, high: 34 });
    assert.deepEqual(korea['container-apps-memory'].rateRange, { low: 3, high: 4 });
    assert.match(
      korea['container-instances-vcpu'].source,
      /^lowest in eastus: .*; highest in swedencentral: /,
    );
    assert.deepEqual(metersIn('japaneast')['log-ingestion'].rateRange, { low: 2_300_000, high: 4_600_000 });
  });

  it('name eastus where its price stands in, and never call that recorded', () => {
    const korea = metersIn('koreacentral');
    for (const id of ['disk-premium-ssd-p10', 'disk-standard-ssd-e6', 'log-alert-rule-5-min'] as const) {
      assert.equal(korea[id].confidence, 'estimate');
      assert.match(korea[id].note ?? '', /eastus price stands in/);
    }
    assert.equal(korea['aks-standard-tier'].confidence, 'assumed');
    assert.equal(metersIn('japaneast')['aks-standard-tier'].confidence, 'assumed');
    assert.equal(metersIn('eastus')['disk-premium-ssd-p10'].confidence, 'recorded');
  });

  it('hold the Global row for every region', () => {
    for (const { name } of regions()) {
      const nat = metersIn(name)['nat-gateway'];
      assert.deepEqual([nat.rate, nat.armRegionName, nat.confidence], [45_000, 'Global', 'recorded']);
    }
    assert.equal(metersIn('uksouth')['public-ip-standard'].armRegionName, 'uksouth');
  });

  it('carry what is free', () => {
    const {
      'log-ingestion': logs,
      'container-apps-vcpu': cpu,
      'container-apps-memory': memory,
    } = metersIn('koreacentral');
    assert.deepEqual(
      [logs, cpu, memory].map(({ free }) => [free?.quantity, free?.per]),
      [
        [5, 'billing account and month'],
        [180_000, 'subscription and month'],
        [360_000, 'subscription and month'],
      ],
    );
  });

  it('price a zone-redundant disk as one and a half, and never call that recorded', () => {
    const meters = metersIn('eastus');
    for (const tier of ['e4', 'e6', 'e10', 'e15', 'e20', 'e30'] as const) {
      const [local, zonal] = [meters[`disk-standard-ssd-${tier}`], meters[`disk-standard-ssd-zrs-${tier}`]];
      assert.equal(zonal.rate, local.rate! * 1.5, tier);
      assert.equal(zonal.confidence, 'estimate');
    }
  });

  it('take the ingestion meter, not its twin that reads 2.30 everywhere', () => {
    assert.equal(metersIn('koreacentral')['log-ingestion'].meterName, 'Analytics Logs Data Ingestion');
  });
});
