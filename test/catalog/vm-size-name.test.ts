import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { parseVmSizeName } from '../../src/catalog/vm-size-name.ts';

describe('VM size names', () => {
  const series: Readonly<Record<string, string>> = {
    Standard_D2s_v3: 'Dsv3',
    Standard_D2_v3: 'Dv3',
    Standard_DS2_v2: 'DSv2',
    Standard_D4ads_v5: 'Dadsv5',
    Standard_D2as_v5: 'Dasv5',
    Standard_D2ds_v4: 'Ddsv4',
    Standard_D2als_v6: 'Dalsv6',
    Standard_D2ls_v5: 'Dlsv5',
    Standard_D2ps_v6: 'Dpsv6',
    Standard_D16plds_v5: 'Dpldsv5',
    Standard_D32pds_v6: 'Dpdsv6',
    Standard_E104ids_v5: 'Edsv5',
    Standard_E4bds_v5: 'Ebdsv5',
    Standard_E8ads_v5: 'Eadsv5',
    Standard_F2s_v2: 'Fsv2',
    Standard_F8als_v6: 'Falsv6',
    Standard_B2s: 'Bs',
    Standard_B4ms: 'Bs',
    Standard_B1ls: 'Bs',
    Standard_B2ats_v2: 'Basv2',
    Standard_B2als_v2: 'Basv2',
    Standard_B2as_v2: 'Basv2',
    Standard_B2pls_v2: 'Bpsv2',
    Standard_B2s_v2: 'Bsv2',
    Standard_NC24ads_A100_v4: 'NCadsA100v4',
  };

  it('give the series', () => {
    for (const [name, expected] of Object.entries(series)) {
      assert.equal(parseVmSizeName(name)?.series, expected, name);
    }
  });

  it('give cores, features, accelerator and version', () => {
    assert.deepEqual(parseVmSizeName('Standard_M8-2ms_v2'), {
      family: 'M',
      series: 'Mmsv2',
      vcpus: 8,
      activeVcpus: 2,
      features: 'ms',
      version: 2,
    });
    assert.deepEqual(parseVmSizeName('Standard_NC16as_T4_v3'), {
      family: 'NC',
      series: 'NCasT4v3',
      vcpus: 16,
      features: 'as',
      accelerator: 'T4',
      version: 3,
    });
    assert.equal(parseVmSizeName('Standard_B2s')?.version, 1);
  });

  it('are refused when malformed', () => {
    for (const name of [
      '',
      'D2s_v3',
      'standard_D2s_v3',
      'Standard_Ds_v3',
      'Standard_D2s-v3',
      'Standard_D2s_v3 ',
    ]) {
      assert.equal(parseVmSizeName(name), undefined, name);
    }
  });

  it('keep the number of cores whatever the letters are', () => {
    const letters = fc.string({ unit: fc.constantFrom(...'abdilmps'), maxLength: 4 });
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 416 }),
        letters,
        fc.integer({ min: 2, max: 9 }),
        (n, features, v) => {
          const parsed = parseVmSizeName(`Standard_E${n}${features}_v${v}`);
          assert.deepEqual([parsed?.vcpus, parsed?.features, parsed?.version], [n, features, v]);
        },
      ),
    );
  });
});
