import { type Path, pathText } from '../base/finding.ts';
import type { Environment, Fleet } from '../fleet/fleet.ts';
import { NO_REPOSITORY } from '../model/no-repository.ts';

/** What a plan does without and an apply does not: something stands in its place. Never fails a run. */
export type Note = {
  /** The keys of the fleet file that would answer it. */
  readonly paths: readonly Path[];
  /** One sentence without a full stop: what is open, and what stands there instead. */
  readonly message: string;
  /** The environments that it is open in; absent where all of the plan are. */
  readonly environments?: readonly Environment[];
};

/** A well-formed id of nothing, as examples and templates have it. */
const NO_ID = '00000000-0000-0000-0000-000000000000';

/** What these environments of one fleet leave open, each thing once. */
export function notesOf(fleets: readonly Fleet[]): readonly Note[] {
  const open = new Map<string, { readonly note: Note; readonly environments: Environment[] }>();
  for (const fleet of fleets) {
    for (const note of openIn(fleet)) {
      const known = open.get(note.message);
      if (known) known.environments.push(fleet.environment);
      else open.set(note.message, { note, environments: [fleet.environment] });
    }
  }
  return [...open.values()].map(({ note, environments }) =>
    environments.length === fleets.length ? note : { ...note, environments },
  );
}

function* openIn(fleet: Fleet): Iterable<Note> {
  const { azure, gitops } = fleet;
  const missing = ID_PATHS.filter(([, key]) => azure[key] === undefined);
  if (missing.length > 0) {
    yield {
      paths: missing,
      message: `${namesText(missing)} ${isOrAre(missing)} not written: Terraform asks whoever applies`,
    };
  }
  const empty = ID_PATHS.filter(([, key]) => azure[key] === NO_ID);
  if (empty.length > 0) {
    yield {
      paths: empty,
      message: `${namesText(empty)} ${isOrAre(empty)} ${NO_ID}, a placeholder: nothing can be applied there`,
    };
  }
  if (gitops === undefined) {
    const path = ['gitops', 'repo'];
    yield {
      paths: [path],
      message: `${pathText(path)} is not written: the tree names ${NO_REPOSITORY}, where Argo CD finds nothing`,
    };
  }
}

const ID_PATHS = [
  ['azure', 'subscription'],
  ['azure', 'tenant'],
] as const;

function namesText(paths: readonly Path[]): string {
  return paths.map(pathText).join(' and ');
}

function isOrAre(paths: readonly Path[]): string {
  return paths.length === 1 ? 'is' : 'are';
}
