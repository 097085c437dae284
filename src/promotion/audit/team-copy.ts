import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { writeFileDurably } from '../../durable-file.js';
import { readChain } from './audit-chain.js';
import { headText, readHead, type AuditHead } from './audit-head.js';
import type { AuditRecord } from './audit-record.js';

/**
 * What this workspace last saw of its team's log, checked: read while the registry does not answer, and a memory against which a registry that tells another story is found. Every machine of a team is an anchor of
 * all others that way.
 */
export interface TeamCopy {
  /** The registry that it was read from, without its password. */
  readonly registry: string;
  readonly head: AuditHead;
  readonly records: readonly AuditRecord[];
  /** When it was read, wall ms. */
  readonly at: number;
}

const Kept = z.strictObject({ registry: z.string(), head: z.string(), lines: z.array(z.string()), at: z.number() });

/** The copy in a file; null where there is none, or none that is a chain with its head. */
export const readTeamCopy = async (path: string): Promise<TeamCopy | null> => {
  const text = await readFile(path, 'utf8').catch(() => null);
  if (text === null) return null;
  try {
    const { registry, head: signed, lines, at } = Kept.parse(JSON.parse(text));
    const head = readHead(signed);
    const { records, fault } = readChain(Buffer.from(lines.map(line => `${line}\n`).join('')));
    return head === null || fault !== null || records.at(-1)?.hash !== head.hash ? null : { registry, head, records, at };
  } catch {
    return null;
  }
};

/** Keeps a copy; the one before is there until this one is whole. */
export const keepTeamCopy = async (path: string, { registry, head, records, at }: TeamCopy): Promise<void> => {
  await mkdir(dirname(path), { recursive: true });
  const lines = records.map(record => canonicalJson(record));
  await writeFileDurably(path, `${JSON.stringify({ registry, head: headText(head), lines, at })}\n`);
};
