/**
 * Release files of GitHub: the address leads on to one of the two others (docs.github.com, self-hosted runners,
 * 2026-08).
 */
const GITHUB_RELEASES = [
  'github.com',
  'objects.githubusercontent.com',
  'release-assets.githubusercontent.com',
] as const;

/** Helm repositories that keep their charts with their index (github.com/cilium/charts, index.yaml, 2026-11-22). */
const SELF_CONTAINED = ['helm.cilium.io'];

/**
 * The hosts that serve a chart of a Helm repository: that of its index, and those to which the index points. The indexes
 * of argo-helm, external-secrets and prometheus-community point to releases of GitHub (read 2026-11-22).
 */
export function chartHosts(repository: string): readonly string[] {
  const host = new URL(repository).hostname;
  return SELF_CONTAINED.includes(host) ? [host] : [host, ...GITHUB_RELEASES];
}
