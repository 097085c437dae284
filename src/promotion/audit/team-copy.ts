import { createHash } from 'node:crypto';
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeFileDurably } from '../../durable-file.js';
import { readChain } from './audit-chain.js';
import { headText, readHead, type AuditHead } from './audit-head.js';
import type { AuditRecord } from './audit-record.js';

/**
 * What this workspace last saw of its team's log, checked: read while the registry does not answer, and a memory against which a registry that tells another story is found. Every machine of a team is an anchor of
 * all others that way.
 */
export interface TeamCopy {
  /** The registry that it was read from, see `registryName`. */
  readonly registry: string;
  readonly head: AuditHead;
  readonly records: readonly AuditRecord[];
  /** The records as they are written. */
  readonly lines: readonly string[];
  /** When it was read, wall ms. */
  readonly at: number;
}

const Kept = z.strictObject({ registry: z.string(), head: z.string(), lines: z.array(z.string()), at: z.number() });

/** A registry by its place, whoever logs in. */
export const registryName = (shown: string): string => shown.replace(/^[^@]*@/, '');

/** Where a workspace's copy of a registry is: each has its own, so that none is taken for another. */
export const teamCopyFile = (folder: string, shown: string): string =>
  join(folder, `audit-${createHash('sha256').update(registryName(shown)).digest('hex').slice(0, 12)}.json`);

/** Copies that this process has checked, by their files as they were then: checking thousands of records takes longer than all else about a look. */
const checked = new Map<string, { readonly stamp: string; readonly copy: TeamCopy | null }>();

const stampOf = async (path: string): Promise<string | null> => {
  const info = await stat(path).catch(() => null);
  return info === null ? null : `${info.mtimeMs} ${info.size} ${info.ino}`;
};

const parsed = (text: string): TeamCopy | null => {
  try {
    const { registry, head: signed, lines, at } = Kept.parse(JSON.parse(text));
    const head = readHead(signed);
    const { records, fault } = readChain(Buffer.from(lines.map(line => `${line}\n`).join('')));
    return head === null || fault !== null || records.at(-1)?.hash !== head.hash ? null : { registry, head, records, lines, at };
  } catch {
    return null;
  }
};

/** The copy of a registry in a file; null where there is none, none that is a chain with its head, or that of another registry. */
export const readTeamCopy = async (path: string, registry: string): Promise<TeamCopy | null> => {
  const stamp = await stampOf(path);
  if (stamp === null) return null;
  let found = checked.get(path);
  if (found?.stamp !== stamp) {
    const text = await readFile(path, 'utf8').catch(() => null);
    if (text === null) return null;
    found = { stamp, copy: parsed(text) };
    checked.set(path, found);
  }
  return found.copy?.registry === registry ? found.copy : null;
};

/** Keeps a copy, unless one is there that goes further: whoever read earlier may be done later. The one before is there until this one is whole. */
export const keepTeamCopy = async (path: string, copy: TeamCopy): Promise<void> => {
  const { registry, head, lines, at } = copy;
  const kept = await readTeamCopy(path, registry);
  if (kept !== null && kept.head.workspace === head.workspace && kept.head.seq >= head.seq) return;
  await mkdir(dirname(path), { recursive: true });
  await writeFileDurably(path, `${JSON.stringify({ registry, head: headText(head), lines, at })}\n`);
  const stamp = await stampOf(path);
  if (stamp !== null) checked.set(path, { stamp, copy });
};
