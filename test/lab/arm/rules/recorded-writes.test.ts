import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { merged, withProperties } from '../../../../src/lab/arm/body.ts';
import { armTarget } from '../../../../src/lab/arm/id.ts';
import type { ArmBody, ArmStore } from '../../../../src/lab/arm/resource.ts';
import type { ArmWorld, ArmWrite } from '../../../../src/lab/arm/rule.ts';
import { rules } from '../../../../src/lab/arm/rules/index.ts';
import { memoryStore } from '../../../../src/lab/arm/store.ts';
import { NOW } from './sound-world.ts';

type Recorded = {
  readonly method: ArmWrite['method'];
  readonly path: string;
  readonly headers?: ArmWrite['headers'];
  readonly body?: ArmBody;
  /** Properties that were answered beyond what was sent. */
  readonly answered?: ArmBody;
};

const LINES = readFileSync('test/fixtures/lab/azurerm-writes.jsonl', 'utf8').trim().split('\n');

describe('the requests of azurerm', () => {
  it('all pass, from apply to destroy', () => {
    assert.deepEqual(refusals(LINES), []);
  });

  it('pass with ids in upper case', () => {
    const shouted = LINES.map((line) => {
      const { path, ...rest } = JSON.parse(line) as Recorded;
      const last = path.lastIndexOf('/');
      const upper = path.slice(0, last).toUpperCase() + path.slice(last);
      return JSON.stringify({ ...rest, path: rest.method === 'POST' ? path : upper });
    });
    assert.deepEqual(refusals(shouted), []);
  });

  it('are refused when the role of the control plane is missing: the rules see what is there', () => {
    const without = LINES.filter((line) => !line.includes('/roleAssignments/'));
    assert.match(refusals(without).join(), /control-plane-identity-may-join/);
  });
});

/** The rules that refuse, and what, when these requests come one after another to an empty Azure. */
function refusals(lines: readonly string[]): readonly string[] {
  const store = memoryStore();
  return lines.flatMap((line) => {
    const recorded = JSON.parse(line) as Recorded;
    const write = writeOf(recorded, store);
    const judging = rules.filter(({ types }) => types.includes('*') || types.includes(write.id.type));
    const refused = judging.filter(({ check }) => check(write, worldOf(store)) !== undefined);
    keep(write, recorded, store);
    return refused.map(({ id }) => `${id}: ${recorded.method} ${recorded.path}`);
  });
}

function writeOf({ method, path, headers = {}, body: sent }: Recorded, store: ArmStore): ArmWrite {
  const target = armTarget(path)!;
  const id = target.kind === 'resource' ? target.id : target.owner!;
  const current = store.get(id.text)?.body;
  const body = sent && method === 'PATCH' ? merged(current ?? {}, sent) : sent;
  return {
    method,
    id,
    headers,
    ...(target.kind === 'collection' ? { action: target.word } : {}),
    ...(body ? { body } : {}),
    ...(current ? { current } : {}),
  };
}

function keep({ method, id, body }: ArmWrite, { answered = {} }: Recorded, store: ArmStore): void {
  if (method === 'DELETE') store.remove(id.text);
  else if (body && method !== 'POST') store.put({ id, body: withProperties(body, answered) });
}

function worldOf(store: ArmStore): ArmWorld {
  return { store, now: NOW, softDeleted: new Map(), running: new Map(), limits: {} };
}
