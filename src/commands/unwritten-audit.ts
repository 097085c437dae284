import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writeFileDurably } from '../durable-file.js';
import { badData, failed, messageOf } from '../errors.js';
import type { AuditLog } from '../promotion/audit/audit-log.js';
import type { AuditWord } from '../promotion/audit/audit-record.js';

/** Words of one who acts, in the order in which they were said. */
export interface UnwrittenWords {
  readonly actor: string;
  readonly words: readonly AuditWord[];
}

const fileOf = (folder: string): string => join(folder, 'unwritten-audit.json');

/** Keeps, in an account's folder, what its session could not write into the audit log; nothing is left of it once it is empty. */
export const keepUnwritten = async (folder: string, batches: readonly UnwrittenWords[]): Promise<void> => {
  if (batches.length === 0) await rm(fileOf(folder), { force: true });
  else await writeFileDurably(fileOf(folder), `${JSON.stringify(batches)}\n`);
};

/**
 * Writes into the audit log what an earlier session of the account could not: before the next one reads how far its strategies have come, for a demotion may be among it. Throws what the log throws, and for a file that is not
 * what was kept.
 */
export const writeUnwritten = async (folder: string, log: Pick<AuditLog, 'append'>): Promise<number> => {
  const text = await readFile(fileOf(folder), 'utf8').catch((error: unknown) => {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    // What cannot be read may be a demotion.
    throw failed(
      'unreadable-unwritten-audit',
      `${fileOf(folder)} cannot be read: ${messageOf(error)}`,
      'It holds what the last session could not write into the audit log. Let it be read, then begin again.',
    );
  });
  if (text === null) return 0;
  let batches: readonly UnwrittenWords[];
  try {
    batches = JSON.parse(text) as readonly UnwrittenWords[];
  } catch {
    throw badData(
      'damaged-unwritten-audit',
      `${fileOf(folder)} is damaged.`,
      'Look what the last session did, see its session.log, then remove the file.',
    );
  }
  for (const [i, { actor, words }] of batches.entries()) {
    await log.append(actor, words);
    // What is written is not written again should the next not be.
    await keepUnwritten(folder, batches.slice(i + 1));
  }
  return batches.reduce((sum, { words }) => sum + words.length, 0);
};
