/**
 * What the name of a VM size says, by Azure's naming convention (learn.microsoft.com, vm-naming-conventions).
 */
type VmSizeName = {
  /** Upper-case letters before the number: `D`, `DS`, `NC`. */
  readonly family: string;
  /**
   * The series, e.g. `Dsv3`, `Dadsv5`: sizes of one series share one quota and, mostly, one pool of hardware.
   */
  readonly series: string;
  readonly vcpus: number;
  /** Set when some of the cores are switched off: the 2 of `Standard_M8-2ms`. */
  readonly activeVcpus?: number;
  /**
   * Letters after the number: a AMD, b block storage, d local disk, i isolated, l and m memory, p Arm, s
   * premium storage.
   */
  readonly features: string;
  /** `A100` in `Standard_NC24ads_A100_v4`. */
  readonly accelerator?: string;
  /** 1 where the name has none. */
  readonly version: number;
};

const NAME = /^Standard_([A-Z]{1,3})(\d{1,4})(?:-(\d{1,4}))?([a-z]*)(?:_([A-Z][A-Za-z0-9]*))?(?:_v(\d))?$/;

/** Reads a size name such as `Standard_D2s_v3`. Undefined when the text does not follow the convention. */
export function parseVmSizeName(name: string): VmSizeName | undefined {
  const match = NAME.exec(name);
  if (!match) return undefined;
  const [, family = '', vcpus, active, features = '', accelerator, version] = match;
  const suffix = version === undefined ? '' : `v${version}`;
  return {
    family,
    series: `${family}${seriesLetters(family, features)}${accelerator ?? ''}${suffix}`,
    vcpus: Number(vcpus),
    ...(active === undefined ? {} : { activeVcpus: Number(active) }),
    features,
    ...(accelerator === undefined ? {} : { accelerator }),
    version: version === undefined ? 1 : Number(version),
  };
}

/**
 * Letters that distinguish sizes inside one series are left out: an isolated size belongs to the series of
 * the others, and the memory letters of B count towards one quota (Resource SKUs API, 2026-08-01: B2ats,
 * B2als and B2as are all standardBasv2Family, B2s and B2ms are both standardBSFamily).
 */
function seriesLetters(family: string, features: string): string {
  return features.replace(family === 'B' ? /[ilmt]/g : /i/g, '');
}
