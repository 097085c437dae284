import { randomBytes, type KeyObject } from 'node:crypto';
import { mkdir, open, realpath, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { writeFileDurably } from '../../durable-file.js';
import { messageOf, UserError } from '../../errors.js';
import { publicKeyText } from '../people/key-pair.js';
import { anchorHeads, lastAnchored, readAnchor } from './anchors.js';
import { auditLine, ORIGIN, type AuditFault, type ChainEnd } from './audit-chain.js';
import { auditFiles, quickEnd, readAuditFolder, type AuditFolder, type PendingAppend } from './audit-folder.js';
import { headText, signHead, type AuditHead } from './audit-head.js';
import { findAuditKey, requireAuditKey } from './audit-key.js';
import { withAuditLock } from './audit-lock.js';
import { requireUnmoved, type AuditLog, type Follows } from './audit-log.js';
import type { AuditRecord, AuditWord } from './audit-record.js';

/** Where a log is and who it answers to. */
export interface AuditLogOptions {
  /** `audit` of the workspace; made with the first record. */
  readonly folder: string;
  /** Folder elsewhere (another disk, a mounted share) that every signed head goes to as well; null for none. It must exist. */
  readonly anchor: string | null;
  /** Wall clock, epoch ms. */
  readonly now: () => number;
  /** Place of the signing key; `key.pem` in the folder when left out. */
  readonly hostKey?: string;
  /** So long an append waits for another process. */
  readonly patienceMs?: number;
  /** Asked under the lock before each append; throws where this log is no longer written to. */
  readonly mayAppend?: () => Promise<void>;
  /** Told what did not stop an append: an anchor that could not be reached. */
  readonly warn?: (text: string) => void;
}

const PATIENCE_MS = 30_000;

/** Machine and folder, as an anchor names a log. */
export const placeOf = async (folder: string): Promise<string> => `${hostname()}:${await realpath(folder).catch(() => folder)}`;

/** A log that is not what was written, as the user is told. */
export const brokenLog = (folder: string, { seq, reason }: AuditFault): UserError =>
  new UserError(
    'broken-audit-log',
    `The audit log in ${folder} is not what was written. First bad record: ${seq}, for ${reason}.`,
    4,
    'Look at it with: quantai audit verify. Put a copy back, and find out who changed it.',
  );

/** Writes the batch behind what the head covers, then the head; after a crash in between, the same once more, from `length` on. */
const complete = async (folder: string, length: number | null, { lines, head }: PendingAppend): Promise<void> => {
  const files = auditFiles(folder);
  const log = await open(files.log, 'a');
  try {
    if (length !== null) await log.truncate(length);
    await log.appendFile(lines);
    await log.datasync();
  } finally {
    await log.close();
  }
  await writeFileDurably(files.head, headText(head));
  await rm(files.pending, { force: true });
};

/**
 * The audit log of a folder. An append is made in three steps: the batch with its signed head is put aside (`pending.json`, from then on it counts), the log gets the lines, the head is exchanged. Whoever appends after a
 * crash finishes what was begun, so that behind the signed head nothing is ever believed that nobody signed.
 */
export const openAuditLog = (options: AuditLogOptions): AuditLog => {
  const { folder, anchor, now, patienceMs = PATIENCE_MS, warn = () => undefined } = options;
  const files = auditFiles(folder);
  const keyPath = options.hostKey ?? files.key;

  const refuseRemoved = async ({ records, head }: AuditFolder): Promise<void> => {
    if (anchor === null || records.length > 0 || head !== null) return;
    const { heads } = await readAnchor(anchor, null, await placeOf(folder));
    if (heads.length > 0)
      throw brokenLog(folder, { seq: 0, line: 1, reason: `there is no log, and ${anchor} has heads of one that was in this folder` });
  };

  /** What is appended to, mended where a crash left something. */
  const endOf = async (key: KeyObject | undefined): Promise<AuditHead | null> => {
    const publicKey = key === undefined ? null : publicKeyText(key);
    const quick = publicKey === null ? null : await quickEnd(folder, publicKey);
    if (quick !== null) return quick;
    const found = await readAuditFolder(folder, publicKey);
    if (found.fault !== null) throw brokenLog(folder, found.fault);
    await refuseRemoved(found);
    if (found.torn?.pending) await complete(folder, found.torn.length, found.torn.pending);
    else if (found.torn) {
      const log = await open(files.log, 'r+');
      await log.truncate(found.torn.length).finally(() => log.close());
    }
    return found.head;
  };

  /** Head of this workspace that the anchor has; undefined where it cannot be reached. */
  const anchored = async (workspace: string): Promise<AuditHead | null | undefined> => {
    if (anchor === null) return undefined;
    try {
      return await lastAnchored(anchor, workspace);
    } catch (error) {
      warn(`The anchor ${anchor} of the audit log cannot be reached: ${messageOf(error)}. It is caught up with the next record.`);
      return undefined;
    }
  };

  const appendLocked = async (actor: string, words: readonly AuditWord[], follows?: Follows): Promise<readonly AuditRecord[]> => {
    await options.mayAppend?.();
    const found = await findAuditKey(keyPath);
    const before = await endOf(found);
    requireUnmoved(follows, before?.seq ?? -1);
    const key = found ?? (await requireAuditKey(keyPath, before === null));
    const workspace = before?.workspace ?? randomBytes(8).toString('hex');
    const last = await anchored(workspace);
    // A log that was put back to an older end has a head that is well signed; only the anchor remembers more.
    if (before !== null && last?.publicKey === before.publicKey && last.seq >= before.seq && last.hash !== before.hash)
      throw brokenLog(folder, {
        seq: before.seq + 1,
        line: before.seq + 2,
        reason: `${anchor ?? ''} has seen records up to ${last.seq}, and the log ends with another record ${before.seq}`,
      });
    const lagged = before === null || last === undefined ? 0 : before.seq - (last?.seq ?? -1);
    const caughtUp: AuditWord[] =
      before === null || lagged <= 0 ? [] : [{ type: 'Anchored', place: anchor ?? '', anchored: before.seq, head: before.hash, lagged }];
    const at = now();
    let end: ChainEnd = before ?? ORIGIN;
    const lines = [...words.map(word => ({ by: actor, word })), ...caughtUp.map(word => ({ by: 'audit', word }))].map(({ by, word }) => {
      const next = auditLine(end, at, by, word);
      end = next.end;
      return next.line;
    });
    const head = signHead({ workspace, ...end, at }, key);
    await writeFileDurably(files.pending, canonicalJson({ head: headText(head), lines: lines.join('') }));
    await complete(folder, null, { head, lines: lines.join('') });
    if (anchor !== null && last !== undefined)
      try {
        await anchorHeads(anchor, await placeOf(folder), lagged > 0 && before !== null ? [before, head] : [head]);
      } catch (error) {
        warn(`The anchor ${anchor} of the audit log was not written: ${messageOf(error)}. It is caught up with the next record.`);
      }
    return lines.slice(0, words.length).map(line => JSON.parse(line) as AuditRecord);
  };

  return {
    append: async (actor, words, follows) => {
      if (words.length === 0) return [];
      await mkdir(folder, { recursive: true });
      return withAuditLock(folder, patienceMs, () => appendLocked(actor, words, follows));
    },
    read: async () => {
      const key = await findAuditKey(keyPath);
      const found = await readAuditFolder(folder, key === undefined ? null : publicKeyText(key));
      if (found.fault !== null) throw brokenLog(folder, found.fault);
      await refuseRemoved(found);
      return found.records;
    },
  };
};
