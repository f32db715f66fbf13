import { readFileSync } from 'node:fs';
import { LAB_CLIENT_ID, objectIdOf } from '../../lab/arm/entra.ts';
import { type Arm, startArm } from '../../lab/arm/start.ts';
import { type Fault, readFaults } from '../../lab/arm/faults.ts';
import { LAB_SUBSCRIPTION_ID, LAB_TENANT_ID } from '../../lab/arm/lab-ids.ts';
import { STATE_ACCOUNT, STATE_CONTAINER } from '../../lab/arm/kinds/storage.ts';
import type { ArmRequest } from '../../lab/arm/request-log.ts';
import { printable, type Style } from '../../report/style.ts';
import type { LabArmOptions } from '../options.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';

type Chosen = LabArmOptions & Required<Pick<LabArmOptions, 'subscription' | 'tenant'>>;

/** `bulkhead lab arm`: runs until `isOver`, which is Ctrl-C, and says what to tell terraform, and every write. */
export async function labArmCommand(
  options: LabArmOptions,
  terminal: Terminal,
  isOver: Promise<unknown> = interrupted(),
): Promise<number> {
  const style = styleFor(terminal.stdout, terminal.env);
  const { subscription = LAB_SUBSCRIPTION_ID, tenant = LAB_TENANT_ID } = options;
  const chosen = { ...options, subscription, tenant };
  const arm = await started(chosen, (request) => {
    if (request.isWrite || request.isUnknown) terminal.stdout.write(`${line(request, style)}\n`);
  });
  terminal.stdout.write(greeting(arm, chosen, style));
  await isOver;
  await arm.stop();
  const kept = options.state === undefined ? '' : `; it goes on from ${printable(options.state)}`;
  terminal.stdout.write(`\nstopped, with ${counted(arm.store.all().length)}${kept}\n`);
  return EXIT.fine;
}

async function started(options: Chosen, onRequest: (request: ArmRequest) => void): Promise<Arm> {
  const faults = options.faults === undefined ? [] : faultsIn(options.faults);
  try {
    return await startArm({
      port: options.port,
      latencyMs: options.latency,
      isThrottling: options.throttle === true,
      subscriptionId: options.subscription,
      tenantId: options.tenant,
      faults,
      ...(options.state === undefined ? {} : { stateFile: options.state }),
      onRequest,
      now: Date.now,
    });
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new UsageError(`port ${options.port} is taken; name another with --port`);
    if (code === 'EACCES')
      throw new UsageError(
        `this user may not listen on port ${options.port}; name one above 1023 with --port`,
      );
    throw new UsageError(message);
  }
}

function faultsIn(file: string): readonly Fault[] {
  try {
    return readFaults(JSON.parse(readFileSync(file, 'utf8')));
  } catch (error) {
    throw new UsageError(`cannot read ${file}: ${(error as Error).message}`);
  }
}

function greeting(arm: Arm, { state, subscription, tenant }: Chosen, style: Style): string {
  const exports = Object.entries(arm.environment()).map(([name, value]) => `export ${name}='${value}'\n`);
  const account = `-backend-config=storage_account_name=${STATE_ACCOUNT} -backend-config=container_name=${STATE_CONTAINER}`;
  return [
    `${style.bold('A stand-in for Azure Resource Manager')} at ${arm.url}, with ${counted(arm.store.all().length)}`,
    state === undefined ? '; nothing outlives it without --state' : '',
    '\n\n',
    style.dim('In the shell in which you run terraform or bulkhead:'),
    '\n\n',
    exports.join(''),
    '\n',
    style.dim('In a fleet file that `bulkhead up` is to make here; the administrator is who signs in so:'),
    `\n\nazure: { subscription: ${subscription}, tenant: ${tenant} }\nadmins: [${objectIdOf(LAB_CLIENT_ID)}]\n\n`,
    style.dim('It keeps Terraform states too:'),
    `\n\nterraform init -backend-config=resource_group_name=lab \\\n  ${account}\n\n`,
    style.dim(`What there is: curl http://localhost:${arm.port}/lab/resources. Ctrl-C ends it.`),
    '\n\n',
  ].join('');
}

function line({ method, path, status, code, isFault, isUnknown }: ArmRequest, style: Style): string {
  const what = status === 0 ? 'cut' : String(status);
  const notes = [code, isFault ? 'a fault' : undefined, isUnknown ? 'not known to the lab' : undefined];
  const note = notes.filter((each) => each !== undefined).join(', ');
  return `${method.padEnd(6)} ${what.padEnd(3)} ${printable(path)}${note === '' ? '' : style.dim(`  ${note}`)}`;
}

function counted(count: number): string {
  return count === 0 ? 'nothing in it' : `${count} resource${count === 1 ? '' : 's'} in it`;
}

/** Until the user has had enough. */
function interrupted(): Promise<unknown> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
}
