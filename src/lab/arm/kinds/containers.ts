import { listAt, objectAt, textAt, valueAt, without, withProperties } from '../body.ts';
import type { ArmKind } from '../kind.ts';
import type { Lab } from '../lab.ts';
import type { ArmBody, ArmResource } from '../resource.ts';
import { digitsOf } from '../uuid.ts';
import { freeAddress, publicAddress } from './network.ts';

const registries: ArmKind = {
  type: 'microsoft.containerregistry/registries',
  isLongRunning: true,
  complete: ({ id, body }) =>
    withProperties(body, {
      loginServer: `${id.name.toLowerCase()}.azurecr.io`,
      adminUserEnabled: valueAt(body, 'properties', 'adminUserEnabled') ?? false,
    }),
  actions: {
    listcredentials: ({ resource }) => ({
      status: 200,
      body: {
        username: resource.id.name,
        passwords: ['password', 'password2'].map((name) => ({
          name,
          value: digitsOf(`${name} ${resource.id.key}`, 52),
        })),
      },
    }),
  },
};

const containerGroups: ArmKind = {
  type: 'microsoft.containerinstance/containergroups',
  complete: ({ id, body }, lab, current) => {
    const asked = objectAt(body, 'properties', 'ipAddress');
    const subnet = textAt(listAt(body, 'properties', 'subnetIds')[0], 'id');
    const known = textAt(current, 'properties', 'ipAddress', 'ip');
    const fresh = subnet === undefined ? publicAddress(id) : freeAddress(lab.store, subnet);
    const ip = known ?? fresh;
    const address =
      asked['type'] === undefined ? {} : { ipAddress: { ...asked, ...(ip === undefined ? {} : { ip }) } };
    return withProperties(body, {
      ...address,
      containers: listAt(body, 'properties', 'containers').map((container) => withoutSecureValues(container)),
      instanceView: { events: [], state: 'Running' },
    });
  },
};

const environments: ArmKind = {
  type: 'microsoft.app/managedenvironments',
  isLongRunning: true,
  complete: ({ id, body }) => {
    const logs = objectAt(body, 'properties', 'appLogsConfiguration');
    const analytics = without(objectAt(logs, 'logAnalyticsConfiguration'), 'sharedKey');
    const told =
      logs['logAnalyticsConfiguration'] === undefined ? {} : { logAnalyticsConfiguration: analytics };
    return withProperties(body, {
      defaultDomain: `${digitsOf(id.key, 10)}.${textAt(body, 'location') ?? 'global'}.azurecontainerapps.io`,
      staticIp: publicAddress(id),
      ...(Object.keys(logs).length === 0 ? {} : { appLogsConfiguration: { ...logs, ...told } }),
    });
  },
};

/** The values of a job's secrets are told by `listSecrets` alone. */
const jobs: ArmKind = {
  type: 'microsoft.app/jobs',
  isLongRunning: true,
  complete: ({ body }) => {
    const secrets = listAt(body, 'properties', 'configuration', 'secrets');
    if (secrets.length === 0) return body;
    const configuration = objectAt(body, 'properties', 'configuration');
    const told = secrets.map((secret) => without(secret, 'value'));
    return withProperties(body, { configuration: { ...configuration, secrets: told } });
  },
  actions: {
    listsecrets: ({ resource, lab }) => ({ status: 200, body: { value: hiddenSecrets(resource, lab) } }),
  },
};

export const containers: readonly ArmKind[] = [registries, containerGroups, environments, jobs];

function hiddenSecrets({ id }: ArmResource, lab: Lab): readonly ArmBody[] {
  return listAt(lab.hidden.get(id.key), 'properties', 'configuration', 'secrets');
}

function withoutSecureValues(container: ArmBody): ArmBody {
  const variables = listAt(container, 'properties', 'environmentVariables');
  const told = variables.map((variable) => without(variable, 'secureValue'));
  return withProperties(container, {
    ...(variables.length === 0 ? {} : { environmentVariables: told }),
    instanceView: { restartCount: 0, currentState: { state: 'Running', detailStatus: '' } },
  });
}
