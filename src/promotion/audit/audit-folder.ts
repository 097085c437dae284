import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { badData } from '../../errors.js';
import type { AuditRecord } from './audit-record.js';
import { ORIGIN, readChain, type AuditFault, type ChainEnd, type ReadChain } from './audit-chain.js';
import { readHead, type AuditHead } from './audit-head.js';

/** Where the log's parts are. */
export const auditFiles = (folder: string) => ({
  log: join(folder, 'log.ndjson'),
  head: join(folder, 'head.json'),
  /** What is being appended, with the head that it leads to: from the moment it is there, it counts. */
  pending: join(folder, 'pending.json'),
  key: join(folder, 'key.pem'),
});

/** A batch on its way into the log. */
export interface PendingAppend {
  readonly head: AuditHead;
  readonly lines: string;
}

const Pending = z.strictObject({ head: z.string(), lines: z.string() });

/** The file's bytes, or null where there is none. */
const bytesAt = async (path: string): Promise<Buffer | null> => {
  try {
    return await readFile(path);
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR')) return null;
    throw error;
  }
};
const textAt = async (path: string): Promise<string | null> => (await bytesAt(path))?.toString('utf8') ?? null;

/** A pending batch that its own head covers and that goes on from `end`; null for anything else. */
const pendingAfter = (
  text: string | null,
  end: ChainEnd,
  publicKey: string | null,
): (PendingAppend & { readonly records: readonly AuditRecord[] }) | null => {
  if (text === null) return null;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const read = Pending.safeParse(value);
  const head = read.success ? readHead(read.data.head) : null;
  if (!read.success || head === null || (publicKey !== null && head.publicKey !== publicKey)) return null;
  const { records, rest, fault } = readChain(Buffer.from(read.data.lines), end);
  const last = records.at(-1);
  if (fault !== null || rest.length > 0 || last?.hash !== head.hash || last.seq !== head.seq) return null;
  return { head, lines: read.data.lines, records };
};

/** The log as it is on the disk. */
export interface AuditFolder {
  /** Records up to the first fault; those of a batch that a crash cut short are among them. */
  readonly records: readonly AuditRecord[];
  /** Of the records, or as far as it can be believed; null where there is none. */
  readonly head: AuditHead | null;
  readonly fault: AuditFault | null;
  /** What a crash left: bytes to be cut off at `length`, and the batch to be written there, if it was one. Null when nothing is to be mended. */
  readonly torn: { readonly length: number; readonly pending: PendingAppend | null } | null;
}

const NOTHING: AuditFolder = { records: [], head: null, fault: null, torn: null };

const at = (seq: number, reason: string): AuditFault => ({ seq, line: seq + 1, reason });

/** What the parts say together: the log, the head that signs for it, and the batch on its way. */
const together = (log: Buffer | null, head: AuditHead | null, pendingText: string | null): AuditFolder => {
  const chain: ReadChain = readChain(log ?? Buffer.alloc(0));
  const { records, ends, fault } = chain;
  const covered = head === null ? 0 : head.seq + 1;
  const broken = (found: AuditFault): AuditFolder => ({ records: records.slice(0, found.seq), head, fault: found, torn: null });
  if (fault !== null && fault.seq < covered) return broken(fault);
  if (records.length < covered)
    return broken(at(records.length, `it is missing: the signed head covers ${covered} records, and ${records.length} are there`));
  const end: ChainEnd = covered === 0 ? ORIGIN : records[covered - 1]!;
  if (head !== null && end.hash !== head.hash) return broken(at(head.seq, 'the signed head names another record there'));
  const length = covered === 0 ? 0 : ends[covered - 1]!;
  const extra = (log ?? Buffer.alloc(0)).subarray(length);
  const pending = pendingAfter(pendingText, end, head?.publicKey ?? null);
  // Whatever of the batch reached the log is a beginning of it.
  if (pending !== null && Buffer.from(pending.lines).subarray(0, extra.length).equals(extra))
    return { records: [...records.slice(0, covered), ...pending.records], head: pending.head, fault: null, torn: { length, pending } };
  if (extra.length === 0) return { records, head, fault: null, torn: null };
  if (!extra.includes(10)) return { records: records.slice(0, covered), head, fault: null, torn: { length, pending: null } };
  return broken(
    at(
      covered,
      covered === 0 ? 'there is no signed head for it' : `it is behind the signed head, which covers ${covered} records: nobody signed it`,
    ),
  );
};

const TRIES = 200;
const AGAIN_MS = 5;

/**
 * Reads the whole log and checks its chain, its end and the head's signature, while others may append. `publicKey`: whose signature the head must have; null when the key is not here to compare.
 */
export const readAuditFolder = async (folder: string, publicKey: string | null): Promise<AuditFolder> => {
  const files = auditFiles(folder);
  for (let tries = 0; ; tries++) {
    // The head first and once more at the end: had it moved between, the log belongs to neither.
    const before = await textAt(files.head);
    const log = await bytesAt(files.log);
    const pending = await textAt(files.pending);
    if ((await textAt(files.head)) !== before) {
      if (tries >= TRIES) throw badData('busy-audit-log', `${files.log} is written to without a pause.`, 'Try again.');
      await pause(AGAIN_MS);
      continue;
    }
    if (before === null && log === null && pending === null) return NOTHING;
    const head = before === null ? null : readHead(before);
    const isOurs = head !== null && (publicKey === null || head.publicKey === publicKey);
    if (before === null || isOurs) return together(log, head, pending);
    // Nothing says any more where the log ends; the chain still says where it breaks.
    const { records, fault } = readChain(log ?? Buffer.alloc(0));
    const last = Math.max(0, records.length - 1);
    const reason = head === null ? 'the head that signs for it was changed' : 'the head that signs for it has the signature of another key';
    return { records: records.slice(0, last), head: null, fault: fault ?? at(last, reason), torn: null };
  }
};

const TAIL = 1 << 16;

/**
 * The end of a log that nothing is wrong with, without reading all of it: the head, when the log's last line is the record that it names and nothing is on its way. Null when that is not so; then all of it must be read.
 */
export const quickEnd = async (folder: string, publicKey: string): Promise<AuditHead | null> => {
  const files = auditFiles(folder);
  if ((await textAt(files.pending)) !== null) return null;
  const text = await textAt(files.head);
  const head = text === null ? null : readHead(text);
  if (head?.publicKey !== publicKey) return null;
  const handle = await open(files.log, 'r').catch(() => null);
  if (handle === null) return null;
  try {
    const { size } = await handle.stat();
    const bytes = Buffer.alloc(Math.min(size, TAIL));
    await handle.read(bytes, 0, bytes.length, size - bytes.length);
    if (bytes.at(-1) !== 10) return null;
    const start = bytes.lastIndexOf(10, bytes.length - 2) + 1;
    if (start === 0 && size > bytes.length) return null;
    const line = bytes.subarray(start);
    const prev = /"prev":"([0-9a-f]{64})"/.exec(line.toString('latin1'))?.[1] ?? '';
    const { records } = readChain(line, { seq: head.seq - 1, hash: prev });
    return records[0]?.hash === head.hash ? head : null;
  } finally {
    await handle.close();
  }
};
