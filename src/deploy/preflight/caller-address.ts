import { containsAddress, formatCidr, parseIpv4 } from '../../base/cidr.ts';
import { StepError } from '../../base/step-error.ts';
import { vaultOf } from './global-names.ts';
import type { Check } from './refusal.ts';

/** How a vault names who it does not let in: `Client address: 203.0.113.7`. */
const CLIENT_ADDRESS = /address:? (\d{1,3}(?:\.\d{1,3}){3})\b/i;

/**
 * Whether the machine that this runs on is one of the operators, whom vault and API servers let in. Azure Resource
 * Manager tells nobody their address; the firewall of a vault names it to whom it turns away. So it is known only once
 * the vault of the fleet is there and refuses; silent otherwise, and where `operators` has the address already: then
 * Terraform is about to let it in.
 */
export const callerAddress: Check = {
  id: 'caller-address',
  subject: 'whether this machine is among the operators',
  look: async ({ run, signal }) => {
    const { azure, vault } = run.world;
    const { own, apiVersion } = vaultOf(run);
    const found = (await azure.get(own, apiVersion, signal)) as
      | { readonly properties?: { readonly vaultUri?: string } }
      | undefined;
    const uri = found?.properties?.vaultUri;
    if (uri === undefined) return [];
    const said = await refusalText(vault.list(uri, signal));
    const [, text] = CLIENT_ADDRESS.exec(said ?? '') ?? [];
    const address = text === undefined ? undefined : parseIpv4(text);
    if (address === undefined) return [];
    const { ipRanges } = run.deployment.platform.fleet.operators;
    if (ipRanges.some((range) => containsAddress(range, address))) return [];
    const ranges = ipRanges.length === 0 ? 'nobody' : ipRanges.map(formatCidr).join(', ');
    return [
      {
        id: 'caller-address',
        severity: 'error',
        message:
          `this machine has the address ${text}, and operators.ipRanges lets in ${ranges}: vault and API servers ` +
          'turn it away',
        advice: `write ${text}/32 to operators.ipRanges, or run from an address that is there`,
      },
    ];
  },
};

/** What it was refused with; undefined where it was let in. */
async function refusalText(asked: Promise<unknown>): Promise<string | undefined> {
  try {
    await asked;
    return undefined;
  } catch (error) {
    if (!(error instanceof StepError)) throw error;
    return error.message;
  }
}
