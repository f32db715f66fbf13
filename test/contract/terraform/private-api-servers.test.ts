import assert from 'node:assert/strict';
import test from 'node:test';
import { type Block, planOf } from './made-plan.ts';
import { said, type Shown, verdictOf } from './plan-under-test.ts';

const ID = 'private-api-server-has-a-name';

/** A private cluster whose name Azure keeps, with some of its attributes changed. */
function plan(values: Shown, more: Partial<Block> = {}, ...beside: readonly Block[]): Shown {
  const cluster = {
    name: 'hub',
    private_cluster_enabled: true,
    private_cluster_public_fqdn_enabled: false,
    private_dns_zone_id: 'System',
    identity: [{ type: 'SystemAssigned', identity_ids: null }],
  };
  const block = { type: 'azurerm_kubernetes_cluster', name: 'hub', values: { ...cluster, ...values } };
  return planOf({ blocks: [{ ...block, ...more }, ...beside] });
}

const zone = (name: string): Block => ({
  type: 'azurerm_private_dns_zone',
  name: 'api',
  values: { name, resource_group_name: 'rg' },
});
const GIVEN = { identity: [{ type: 'UserAssigned', identity_ids: null }] };
const IN_ZONE = { refers: { private_dns_zone_id: ['azurerm_private_dns_zone.api.id'] } };

test('its name stands in a zone, or in public', () => {
  const none = { private_dns_zone_id: 'None' };
  assert.match(said(ID, plan(none))[0]!, /hub's API server stands in no zone, private or public/);
  assert.equal(verdictOf(ID, plan({ ...none, private_cluster_public_fqdn_enabled: true })), 'held');
  assert.equal(verdictOf(ID, plan({})), 'held');
});

test('a zone that is brought along has the name that Azure looks for, and an identity that may write into it', () => {
  const { private_dns_zone_id: _, ...rest } = GIVEN as Shown;
  const unset = (values: Shown): Shown => ({ ...values, private_dns_zone_id: undefined as never });
  const right = zone('privatelink.koreacentral.azmk8s.io');
  assert.equal(verdictOf(ID, plan(unset(rest), IN_ZONE, right)), 'held');
  assert.match(said(ID, plan(unset({}), IN_ZONE, right))[0]!, /as an identity that does not exist before it/);
  assert.match(
    said(ID, plan(unset(rest), IN_ZONE, zone('hub.internal')))[0]!,
    /no zone of the name hub.internal/,
  );
  const id = '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/privateDnsZones/hub.internal';
  assert.match(said(ID, plan({ ...GIVEN, private_dns_zone_id: id }))[0]!, /no zone of the name hub.internal/);
});

test('what is not known yet breaks nothing, and a public API server is none of its business', () => {
  const open = plan(
    { private_dns_zone_id: undefined as never },
    { refers: { private_dns_zone_id: ['local.zone'] } },
  );
  assert.equal(verdictOf(ID, open), 'undetermined');
  assert.equal(verdictOf(ID, plan({ private_cluster_enabled: undefined as never })), 'undetermined');
  assert.equal(verdictOf(ID, plan({ private_cluster_enabled: false })), 'not applicable');
});
