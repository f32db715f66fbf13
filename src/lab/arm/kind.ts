import type { Answer } from './answer.ts';
import type { Lab } from './lab.ts';
import type { ArmBody, ArmId, ArmResource } from './resource.ts';

/**
 * What a resource type does beyond being stored as it was sent. A type without a kind is stored and told back, with
 * `provisioningState: Succeeded`.
 */
export type ArmKind = {
  /** In lower case. */
  readonly type: string;
  /** Its writes are accepted, and polled until they are done. */
  readonly isLongRunning?: true;
  /** Azure keeps no `provisioningState` of it. */
  readonly isStateless?: true;
  /** Though its writes are polled, its DELETE is done at once: azurerm refuses a 202. */
  readonly isDeletedAtOnce?: true;
  /** Status of a DELETE that is done at once; 204 unless azurerm wants another. */
  readonly deletedStatus?: 200;
  /** The name of the etag in its body, if it has one. */
  readonly etag?: 'etag' | 'eTag';
  readonly inlineChildren?: readonly InlineChildren[];
  /** What a GET answers after this was sent. It reads the lab and changes nothing. */
  readonly complete?: (resource: ArmResource, lab: Lab, current: ArmBody | undefined) => ArmBody;
  /** What Azure makes along with it. Runs after every write and when an operation has ended. */
  readonly written?: (resource: ArmResource, lab: Lab) => void;
  /** What stays when it is deleted, and what goes along. */
  readonly removed?: (resource: ArmResource, lab: Lab, now: number) => void;
  /** Answers a GET of what nobody has to make. */
  readonly virtual?: (id: ArmId, lab: Lab) => ArmBody | undefined;
  /** It is listed at any scope, also where Resource Manager has no resource: at a namespace of a cluster. */
  readonly isListedAnywhere?: true;
  /** What a list shows beside the stored ones. */
  readonly virtualList?: (scope: string, query: URLSearchParams, lab: Lab) => readonly ArmBody[];
  /** All that a list answers, of a type whose lists have a form of their own. */
  readonly collection?: (scope: string, lab: Lab) => ArmBody;
  /** POSTs, by the last word of their path in lower case. */
  readonly actions?: Readonly<Record<string, ArmAction>>;
};

/**
 * Resources that can be written alone and also stand in a list of their parent's: the subnets of a virtual network, the
 * rules of a security group, the pools of a cluster.
 */
export type InlineChildren = {
  /** The list among the parent's properties. */
  readonly property: string;
  /** The last word of the children's type, as ids write it. */
  readonly type: string;
  /** A child that is left out of the parent's list goes. */
  readonly isExhaustive: boolean;
  readonly childOf: (item: ArmBody) => ArmBody;
  readonly itemOf: (child: ArmResource) => ArmBody;
};

export type ArmAction = (call: ActionCall) => ActionAnswer;

type ActionCall = {
  readonly resource: ArmResource;
  readonly sent: ArmBody;
  readonly lab: Lab;
};

/** Either an answer, or an operation that ends in a change of the resource. */
export type ActionAnswer =
  | Answer
  | {
      /** Merged into the resource at once: `{ properties: { provisioningState: 'Stopping' } }`. */
      readonly meanwhile: ArmBody;
      /** Merged into the resource in the end. */
      readonly change: ArmBody;
    };
