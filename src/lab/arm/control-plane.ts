import { type Answer, failed, type LabRequest } from './answer.ts';
import { faultPlan, type FaultPlan, readFaults } from './faults.ts';
import type { Lab } from './lab.ts';
import type { ArmRequest } from './request-log.ts';
import type { ArmLimits } from './rule.ts';

/** What the lab's own requests look at and change. */
export type Controls = {
  readonly lab: Lab;
  plan: FaultPlan;
  log: ArmRequest[];
};

/** `/lab/…` on the lab's own port: what a test or a user may ask it and tell it. */
export function answerControl(controls: Controls, request: LabRequest): Answer {
  const { method, path, query } = request;
  const asked = `${method} ${path.replace(/\/$/, '')}`;
  switch (asked) {
    case 'GET /lab/requests':
      return values(controls.log.filter(({ isWrite }) => query.get('writes') !== 'true' || isWrite));
    case 'DELETE /lab/requests':
      controls.log = [];
      return { status: 204 };
    case 'GET /lab/resources': {
      const type = query.get('type')?.toLowerCase();
      const found = type === undefined ? controls.lab.store.all() : controls.lab.store.ofType(type);
      return values(found.map(({ body }) => body));
    }
    case 'GET /lab/faults':
      return values(controls.plan.faults);
    case 'PUT /lab/faults':
      return changed(request, (value) => {
        controls.plan = faultPlan(readFaults(value));
      });
    case 'DELETE /lab/faults':
      controls.plan = faultPlan([]);
      return { status: 204 };
    case 'GET /lab/limits':
      return { status: 200, body: controls.lab.limits };
    case 'PUT /lab/limits':
      return changed(request, (value) => {
        if (typeof value !== 'object' || value === null || Array.isArray(value))
          throw new Error('limits are an object');
        controls.lab.limits = value as ArmLimits;
      });
    default:
      return failed(404, 'NotKnownToTheLab', `The lab has no ${asked}; see docs/lab-arm.md.`);
  }
}

function values(value: readonly object[]): Answer {
  return { status: 200, body: { value } };
}

function changed({ body }: LabRequest, change: (value: unknown) => void): Answer {
  try {
    change(JSON.parse(body.toString('utf8')));
    return { status: 204 };
  } catch (error) {
    return failed(400, 'BadRequest', error instanceof Error ? error.message : String(error));
  }
}
