import type { Platform } from '../../model/platform.ts';
import { raw } from '../block.ts';
import type { Input } from '../inputs.ts';
import { type Claim, planRun, refusalRun, testHead } from '../root-test.ts';
import type { Files } from '../root.ts';

/** What must survive a change by hand: the keeper holds no secret, and nothing calls it. */
export function keeperTests({ fleet }: Platform, inputs: readonly Input[]): Files {
  return {
    'keeper.tftest.hcl': [
      ...testHead(inputs),
      planRun(
        'the_keeper_acts_as_its_identity_and_holds_no_secret',
        fleet.keeper.run === 'container-instance' ? groupClaims : jobClaims,
      ),
      refusalRun('an_image_without_a_tag_is_refused', 'keeper_image', 'registry.example/bulkhead'),
    ],
  };
}

const GROUP = 'azurerm_container_group.keeper';
const JOB = 'azurerm_container_app_job.keeper';

const groupClaims: readonly Claim[] = [
  {
    holds: raw(`${GROUP}.identity[0].type == "UserAssigned"`),
    otherwise: 'The keeper has no identity, so it would need a secret to reach Azure (C4).',
  },
  {
    holds: raw(`${GROUP}.container[0].secure_environment_variables == null`),
    otherwise: 'A secret of the keeper stands in the state of Terraform (C4).',
  },
  {
    holds: raw(`${GROUP}.ip_address_type == "Private"`),
    otherwise: 'What may stop every cluster has a public address.',
  },
];

const jobClaims: readonly Claim[] = [
  {
    holds: raw(`${JOB}.identity[0].type == "UserAssigned"`),
    otherwise: 'The keeper has no identity, so it would need a secret to reach Azure (C4).',
  },
  {
    holds: raw(`length(${JOB}.secret) == 0`),
    otherwise: 'A secret of the keeper stands in the state of Terraform (C4).',
  },
  {
    holds: raw('azurerm_container_app_environment.keeper.internal_load_balancer_enabled'),
    otherwise: 'What may stop every cluster has a public address.',
  },
];
