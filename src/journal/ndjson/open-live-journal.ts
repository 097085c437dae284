import { failed, usageError } from '../../errors.js';
import type { Fact } from '../../events/fact.js';
import type { Disk, DiskFile } from '../disk.js';
import { factLine } from '../fact-line.js';
import type { LiveJournal } from '../live-journal.js';
import { positionOf, START, type ChainCursor, type ChainPosition } from './chain-position.js';
import { commitHead, commitTail, headerLine, sealOf, sealStart, segmentName } from './line-format.js';
import { readJournal } from './read-journal.js';
import type { TornTail } from './torn-tail.js';
import { verifyLiveJournal } from './verify-live-journal.js';
import { holdsPosition, walkJournal, type Walked } from './walk-journal.js';
import { takeSeq } from './walk-segment.js';

/** A live journal that knows how far it is durable. */
export interface SegmentedJournal extends LiveJournal {
  /** Behind the last durable commit. */
  position(): ChainPosition;
  /** Durable facts behind a position that this journal holds. */
  readFrom(position: ChainPosition): AsyncIterable<Fact>;
}

export interface OpenedJournal {
  readonly journal: SegmentedJournal;
  /** What a crash had left of an unanswered append: it was cut off, and is kept in a file `*.torn` beside. */
  readonly torn: TornTail | null;
}

export interface OpenJournalOptions {
  /** Whose journal it is; a folder has one account. */
  readonly account: string;
  /** A segment ends with the first commit that reaches so many bytes. */
  readonly segmentBytes?: number;
  /** Where reading begins: a position that a snapshot was bound to. What comes before is neither read nor checked. */
  readonly from?: ChainPosition;
  /** Told every durable fact behind `from`, in the order of writing: recovery is this fold. */
  readonly each?: (fact: Fact) => void;
}

/** Appends that wait together go into one commit up to about this many characters; one append is never split. */
const GROUP = 4 << 20;

interface Waiting {
  readonly text: string;
  readonly facts: readonly Fact[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** A name that no file of the folder has: what was cut off is kept, each time. */
const tornName = (names: readonly string[], { segment, byte }: ChainCursor): string => {
  const stem = `${segmentName(segment).replace('.ndjson', '')}-${byte}`;
  for (let n = 1; ; n++) {
    const name = n === 1 ? `${stem}.torn` : `${stem}-${n}.torn`;
    if (!names.includes(name)) return name;
  }
};

/**
 * Makes the last segment durable as it was read, without its torn tail. After a sync that failed the kernel may show bytes that are on no disk (Rebello et al., "Can Applications Recover from fsync
 * Failures?", 2020): only writing them again makes sure.
 */
const settle = async (disk: Disk, folder: string, { cursor, torn, last }: Walked): Promise<void> => {
  if (last === null || last.length === 0) return;
  if (torn !== null) await disk.publish(`${folder}/${tornName(await disk.list(folder), cursor)}`, last.subarray(cursor.byte));
  await disk.publish(`${folder}/${segmentName(cursor.segment)}`, last.subarray(0, cursor.byte));
};

/**
 * Opens the journal of a live account, or begins it. Every commit behind `from` is checked and its facts are told before this resolves. A commit that a crash broke off is cut and said; anything
 * else that is not what was written (a flipped bit, a missing or exchanged segment) throws `JournalDamage` with segment, line and byte, and changes nothing. One process may have it open.
 */
export const openLiveJournal = async (
  disk: Disk,
  folder: string,
  { account, segmentBytes = 8 << 20, from = START, each }: OpenJournalOptions,
): Promise<OpenedJournal> => {
  if (!(await holdsPosition(disk, folder, from)))
    throw usageError(
      'journal-position',
      `The journal in ${folder} does not hold commit ${from.commit}, where reading was to begin.`,
      'Leave the snapshot out: it belongs to another journal, or facts behind it are lost.',
    );
  const walk = walkJournal(disk, folder, {
    account,
    from,
    inspect: fact => {
      each?.(fact);
      return null;
    },
  });
  let step = await walk.next();
  while (step.done !== true) step = await walk.next();
  const walked = step.value;
  await settle(disk, folder, walked);

  const { cursor } = walked;
  /** `seq` that the next append must have, by stream: ahead of the durable ones while a commit is under way. */
  const next = new Map(cursor.next);
  let durable = positionOf(cursor);
  let file: DiskFile | null = null;
  let waiting: Waiting[] = [];
  let writing: Promise<void> | null = null;
  let closed = false;
  let failure: string | null = null;
  const refusal = (): Error =>
    failed(
      'journal-failed',
      `The journal cannot be written: ${failure ?? ''}.`,
      'Mend the disk, then start again: what was answered is kept.',
    );

  const commit = async (group: readonly Waiting[]): Promise<void> => {
    const facts = group.reduce((sum, each) => sum + each.facts.length, 0);
    if (cursor.byte >= segmentBytes) {
      await file?.close();
      file = null;
      Object.assign(cursor, { segment: cursor.segment + 1, byte: 0 });
    }
    file ??= await disk.append(`${folder}/${segmentName(cursor.segment)}`);
    const isFirst = cursor.byte === 0;
    const head = commitHead(cursor.commit + 1, facts);
    const block = `${isFirst ? `${headerLine(account, cursor)}\n` : ''}${group.map(({ text }) => text).join('')}${head}`;
    const digest = sealOf(isFirst ? block : sealStart(cursor.hash) + block);
    const bytes = Buffer.from(block + commitTail(digest));
    await file.write(bytes);
    await file.sync();
    cursor.byte += bytes.length;
    cursor.commit++;
    cursor.facts += facts;
    cursor.hash = digest;
    for (const { facts: written } of group) for (const { strategy, seq } of written) cursor.next.set(strategy, seq + 1);
    durable = positionOf(cursor);
  };

  const takeGroup = (): Waiting[] => {
    let size = 0;
    let count = 0;
    while (count < waiting.length && (count === 0 || size < GROUP)) size += waiting[count++]!.text.length;
    const group = waiting.slice(0, count);
    waiting = waiting.slice(count);
    return group;
  };

  const drain = async (): Promise<void> => {
    // What is appended in one turn goes together.
    await Promise.resolve();
    while (waiting.length > 0) {
      const group = takeGroup();
      try {
        if (group.some(({ facts }) => facts.length > 0)) await commit(group);
        for (const { resolve } of group) resolve();
      } catch (error) {
        failure = error instanceof Error ? error.message : String(error);
        const refused = [...group, ...waiting];
        waiting = [];
        for (const { reject } of refused) reject(refusal());
      }
    }
    writing = null;
  };

  const journal: SegmentedJournal = {
    append: facts => {
      if (failure !== null) return Promise.reject(refusal());
      if (closed) return Promise.reject(new Error('The journal is closed.'));
      const ahead = new Map(next);
      for (const fact of facts) {
        const fault = takeSeq(ahead, fact);
        if (fault !== null) return Promise.reject(new Error(`Nothing was appended: ${fault}.`));
      }
      for (const [strategy, seq] of ahead) next.set(strategy, seq);
      const text = facts.map(factLine).join('');
      return new Promise((resolve, reject) => {
        waiting.push({ text, facts, resolve, reject });
        writing ??= drain();
      });
    },
    read: () => readJournal(disk, folder, { account, until: durable }),
    readFrom: position => readJournal(disk, folder, { account, from: position, until: durable }),
    verify: () => verifyLiveJournal(disk, folder, durable),
    position: () => durable,
    get failure() {
      return failure;
    },
    close: async () => {
      closed = true;
      await writing;
      await file?.close();
      file = null;
    },
  };
  return { journal, torn: walked.torn };
};
