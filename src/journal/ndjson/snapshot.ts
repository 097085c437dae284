import { createHash } from 'node:crypto';
import type { Disk } from '../disk.js';
import type { ChainPosition } from './chain-position.js';
import { holdsPosition } from './walk-journal.js';

/** A state that was folded from a journal up to a position. */
export interface Snapshot {
  readonly position: ChainPosition;
  /** As JSON keeps it. */
  readonly state: unknown;
}

/** The snapshot to go on from, or why there is none: then the fold begins at the beginning and gives the same. */
export interface LoadedSnapshot {
  readonly snapshot: Snapshot | null;
  /** `not-in-journal` may mean that the end of the journal was cut off. */
  readonly code: 'ok' | 'none' | 'damaged' | 'other-shape' | 'not-in-journal';
  /** One sentence. */
  readonly text: string;
}

const FILE = 'snapshot.json';

const digestOf = (shape: string, position: string, state: string): string =>
  createHash('sha256')
    .update(JSON.stringify([shape, position]))
    .update(state)
    .digest('hex');

/**
 * Keeps a state, whole or not at all, in place of the one before. `shape` names the form of the state and whatever else it depends on (release, set-up): one of another shape is not loaded. NaN and
 * infinities do not survive.
 */
export const saveSnapshot = async (disk: Disk, folder: string, shape: string, { position, state }: Snapshot): Promise<void> => {
  const [place, text] = [JSON.stringify(position), JSON.stringify(state)];
  const head = JSON.stringify({ snapshot: 1, shape, hash: digestOf(shape, place, text) });
  await disk.publish(`${folder}/${FILE}`, Buffer.from(`${head}\n${place}\n${text}\n`));
};

/**
 * The kept state, when its content has the hash that was written and the journal in `journalFolder` holds the very commit that it was folded up to. Anything else is ignored with a reason: a snapshot
 * only ever speeds recovery up.
 */
export const loadSnapshot = async (disk: Disk, folder: string, shape: string, journalFolder: string): Promise<LoadedSnapshot> => {
  const none = (code: LoadedSnapshot['code'], text: string): LoadedSnapshot => ({ snapshot: null, code, text });
  if (!(await disk.list(folder)).includes(FILE)) return none('none', 'There is no snapshot.');
  const [head = '', place = '', text = '', end] = Buffer.from(await disk.read(`${folder}/${FILE}`))
    .toString('utf8')
    .split('\n');
  try {
    const {
      snapshot,
      shape: kept,
      hash,
    } = JSON.parse(head) as { readonly snapshot?: unknown; readonly shape?: unknown; readonly hash?: unknown };
    if (snapshot !== 1 || typeof kept !== 'string') return none('damaged', 'The snapshot cannot be read.');
    if (digestOf(kept, place, text) !== hash || end !== '') return none('damaged', 'The snapshot is not what was written.');
    if (kept !== shape) return none('other-shape', `The snapshot is of another shape: ${kept}.`);
    const position = JSON.parse(place) as ChainPosition;
    if (!(await holdsPosition(disk, journalFolder, position)))
      return none('not-in-journal', `The journal does not hold commit ${position.commit}, up to which the snapshot was folded.`);
    return { snapshot: { position, state: JSON.parse(text) as unknown }, code: 'ok', text: `From commit ${position.commit} on.` };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return none('damaged', 'The snapshot cannot be read.');
  }
};
