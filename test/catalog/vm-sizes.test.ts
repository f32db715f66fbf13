import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { regions } from '../../src/catalog/regions.ts';
import { parseVmSizeName } from '../../src/catalog/vm-size-name.ts';
import {
  ephemeralPlacement,
  offeredIn,
  vmSize,
  vmSizes,
  vmSizesProvenance,
} from '../../src/catalog/vm-sizes.ts';

describe('VM sizes', () => {
  it('know the default node', () => {
    assert.deepEqual(vmSize('Standard_D2s_v3'), {
      name: 'Standard_D2s_v3',
      vcpus: 2,
      memoryGiB: 8,
      family: 'Dsv3',
      quotaFamily: 'standardDSv3Family',
      architecture: 'x64',
      burstable: false,
      spotCapable: true,
      premiumStorage: true,
      ephemeralOsDisk: true,
      ephemeralOsDiskGiB: 50,
    });
    assert.equal(vmSize('Standard_D4s_v3')?.ephemeralOsDiskGiB, 100);
    assert.equal(vmSize('Standard_Nope'), undefined);
  });

  it('agree with what their names say', () => {
    assert.equal(vmSizes().length, 162);
    for (const size of vmSizes()) {
      const parsed = parseVmSizeName(size.name);
      assert.ok(parsed, size.name);
      // The numbers of the old DS series count sizes, not cores.
      if (parsed.family !== 'DS') assert.equal(parsed.vcpus, size.vcpus, size.name);
      assert.equal(size.architecture, parsed.features.includes('p') ? 'arm64' : 'x64', size.name);
      assert.equal(size.premiumStorage, /s/i.test(parsed.family + parsed.features), size.name);
      assert.equal(size.spotCapable, !(size.burstable && parsed.version === 1), size.name);
      assert.ok(size.memoryGiB >= 1 && Number.isInteger(size.memoryGiB), size.name);
    }
  });

  it('have one Azure quota for each family', () => {
    const quotaByFamily = new Map<string, string>();
    const familyByQuota = new Map<string, string>();
    for (const { family, quotaFamily } of vmSizes()) {
      assert.equal(quotaByFamily.get(family) ?? quotaFamily, quotaFamily, family);
      assert.equal(familyByQuota.get(quotaFamily) ?? family, family, quotaFamily);
      quotaByFamily.set(family, quotaFamily);
      familyByQuota.set(quotaFamily, family);
    }
  });

  it('state the space of an ephemeral OS disk only where a source does', () => {
    const space = (name: string) => vmSize(name)?.ephemeralOsDiskGiB;
    assert.deepEqual(
      [
        'Standard_D2ds_v5',
        'Standard_D8ads_v5',
        'Standard_E4ds_v5',
        'Standard_D2ads_v6',
        'Standard_D16ds_v6',
      ].map(space),
      [75, 300, 150, 110, 880],
    );
    assert.deepEqual(['Standard_E4s_v3', 'Standard_F2s_v2', 'Standard_DS2_v2'].map(space), [100, 32, 86]);
    for (const size of vmSizes()) {
      if (size.ephemeralOsDiskGiB === undefined) continue;
      assert.ok(size.ephemeralOsDisk, size.name);
      // Azure stops at 2,040 GiB whatever the local disks hold.
      assert.ok(size.ephemeralOsDiskGiB <= 2040, size.name);
      assert.match(ephemeralPlacement(size.family)?.source ?? '', /20\d\d/, size.family);
    }
    for (const name of ['Standard_D2s_v5', 'Standard_D2as_v5', 'Standard_B2als_v2', 'Standard_D2s_v4']) {
      assert.equal(vmSize(name)?.ephemeralOsDisk, false, name);
      assert.equal(space(name), undefined, name);
    }
    assert.equal(space('Standard_D2as_v4'), undefined);
  });

  it('say where they are offered', () => {
    assert.deepEqual(offeredIn('koreacentral', 'Standard_D2s_v3'), { offered: true, zones: [1, 2, 3] });
    assert.deepEqual(offeredIn('koreasouth', 'Standard_D2s_v3'), { offered: true, zones: [] });
    assert.deepEqual(offeredIn('koreasouth', 'Standard_D2s_v7'), { offered: false, zones: [] });
    assert.equal(offeredIn('koreanorth', 'Standard_D2s_v3'), undefined);
    assert.equal(offeredIn('koreacentral', 'Standard_Nope'), undefined);
  });

  it('are all offered in zones that their region has', () => {
    for (const region of regions()) {
      for (const { name } of vmSizes()) {
        const offer = offeredIn(region.name, name);
        assert.ok(offer);
        assert.ok(
          offer.zones.every((zone) => region.zones.includes(zone)),
          `${name} in ${region.name}`,
        );
      }
    }
  });

  it('cover every size that a price book prices', () => {
    for (const { name } of regions()) {
      for (const size of Object.keys(builtInPriceBook(name)?.vms ?? {})) assert.ok(vmSize(size), size);
    }
  });

  it('say when they were read', () => {
    assert.equal(vmSizesProvenance().date, '2026-08-01');
    assert.match(vmSizesProvenance().source, /Resource SKUs API/);
  });
});
