import type { Disk } from '../../journal/disk.js';
import { commitHead, commitTail, sealOf, sealStart } from '../../journal/ndjson/line-format.js';

/** What the journal does against a disk that fails. It has no switches: with one off, the disk deceives it so that the check finds nothing. */
export interface JournalDefences {
  /** An append is answered when it is on the disk. Off: at once, and the disk writes on. */
  readonly fsync: boolean;
  /** The hash of a commit is compared. Off: it fits whatever stands there. */
  readonly hashChain: boolean;
  /** Damage inside is not mended. Off: what stands behind it is gone, as if it were a torn tail. */
  readonly quarantine: boolean;
  /** A torn tail is cut off. Off: it stays, and the next commit is written behind it. */
  readonly tornTail: boolean;
  /** Facts count with the line of their commit. Off: whole facts of a torn tail count too. */
  readonly commitMark: boolean;
}

export const JOURNAL_DEFENCES: JournalDefences = { fsync: true, hashChain: true, quarantine: true, tornTail: true, commitMark: true };

const isSegment = (path: string): boolean => path.endsWith('.ndjson');

/** A segment as a journal without some of its checks would take it. */
const taken = (bytes: Uint8Array, { hashChain, quarantine, commitMark }: JournalDefences): Uint8Array => {
  const lines = Buffer.from(bytes).toString('utf8').split('\n');
  const header = lines[0] ?? '';
  if (!header.startsWith('{"journal":')) return bytes;
  let { commit } = JSON.parse(header) as { readonly commit: number };
  let digest = '';
  let text = '';
  let facts: string[] = [];
  const seal = (): string => {
    const block = `${text === '' ? `${header}\n` : ''}${facts.map(fact => `${fact}\n`).join('')}${commitHead(commit + 1, facts.length)}`;
    return block + commitTail(sealOf(text === '' ? block : sealStart(digest) + block));
  };
  const add = (sealed: string): void => {
    text += sealed;
    digest = sealed.slice(-67, -3);
    commit++;
    facts = [];
  };
  for (const line of lines.slice(1, -1)) {
    if (!line.startsWith('{"commit":')) {
      facts.push(line);
      continue;
    }
    const sealed = seal();
    const isTrue = sealed.endsWith(`\n${line}\n`);
    if (!isTrue && !quarantine) return Buffer.from(text);
    if (!isTrue && hashChain) return bytes;
    add(sealed);
  }
  const isWhole = facts.length > 0 && facts.every(fact => fact.startsWith('{') && fact.endsWith('}'));
  if (!commitMark && isWhole) {
    add(seal());
    return Buffer.from(text);
  }
  return Buffer.from(text + facts.map(fact => `${fact}\n`).join('') + (lines.at(-1) ?? ''));
};

/** The disk, so that those of the journal's checks that are off find nothing; the same one when all are on. */
export const weakenedDisk = (disk: Disk, defences: JournalDefences): Disk => {
  const { fsync, hashChain, quarantine, tornTail, commitMark } = defences;
  if (fsync && hashChain && quarantine && tornTail && commitMark) return disk;
  return {
    ...disk,
    read: async path => {
      const bytes = await disk.read(path);
      return isSegment(path) && !(hashChain && quarantine && commitMark) ? taken(bytes, defences) : bytes;
    },
    append: async path => {
      const file = await disk.append(path);
      if (fsync) return file;
      return {
        ...file,
        sync: () => {
          void file.sync().catch(() => undefined);
          return Promise.resolve();
        },
      };
    },
    publish: async (path, bytes) => {
      if (!tornTail && isSegment(path) && (await disk.read(path).catch(() => new Uint8Array(0))).length > bytes.length) return;
      await disk.publish(path, bytes);
    },
  };
};
