/** A JSON object, as it comes in a request or stands in the store. */
export type ArmBody = Readonly<Record<string, unknown>>;

/** The identity of a resource, read from the path of a request. */
export type ArmId = {
  /** As it was sent: `/subscriptions/…/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v`. */
  readonly text: string;
  /** The text in lower case: ARM compares ids without regard to case. */
  readonly key: string;
  /** `microsoft.network/virtualnetworks/subnets`, or `microsoft.resources/resourcegroups`; in lower case. */
  readonly type: string;
  readonly name: string;
  readonly subscription?: string;
  /** As it was sent. */
  readonly resourceGroup?: string;
  /** The id of the resource that this one lies in, or, of an extension resource, the one that it extends. */
  readonly parent?: string;
};

/** One stored resource. */
export type ArmResource = {
  readonly id: ArmId;
  /** What a GET answers. */
  readonly body: ArmBody;
};

/** The resources of one pretended Azure. Keys compare without regard to case. */
export interface ArmStore {
  readonly get: (id: string) => ArmResource | undefined;
  /** All of one type, in lower case (`microsoft.network/virtualnetworks/subnets`), in the order of their ids. */
  readonly ofType: (type: string) => readonly ArmResource[];
  /** All that lie below an id, however deep. */
  readonly below: (id: string) => readonly ArmResource[];
  readonly all: () => readonly ArmResource[];
  readonly put: (resource: ArmResource) => void;
  /** Removes it and whatever lies below it. */
  readonly remove: (id: string) => void;
}
