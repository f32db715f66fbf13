import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ApiServer } from './api-server.ts';
import { type RunningProcess, startProcess, temporaryFolder } from './processes.ts';
import { pathOf } from './tools.ts';

interface Scheduler {
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

/** A real kube-scheduler with its default profile, which binds the pods of an API server. */
export function startScheduler(server: ApiServer): Scheduler {
  const folder = temporaryFolder('scheduler');
  const kubeconfig = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'prove',
        cluster: {
          server: server.url,
          'certificate-authority-data': Buffer.from(server.ca).toString('base64'),
        },
      },
    ],
    users: [{ name: 'prove', user: { token: server.token } }],
    contexts: [{ name: 'prove', context: { cluster: 'prove', user: 'prove' } }],
    'current-context': 'prove',
  };
  // JSON is YAML; the token is a member of system:masters.
  writeFileSync(join(folder.path, 'kubeconfig'), JSON.stringify(kubeconfig), { mode: 0o600 });
  const args = ['--kubeconfig=kubeconfig', '--leader-elect=false', '--secure-port=0'];
  const process = startProcess('kube-scheduler', pathOf('kube-scheduler'), args, { cwd: folder.path });
  const stop = async (): Promise<void> => {
    await process.stop();
    folder.remove();
  };
  return { process, stop };
}
