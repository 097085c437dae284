import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { messageOf } from '../../errors.js';
import { readHead, type AuditHead } from './audit-head.js';

/** A signed head as another place keeps it. */
export interface AnchoredHead {
  /** Machine and folder of the log that it is of. */
  readonly place: string;
  readonly head: AuditHead;
}

/** A disk or share that does not answer is taken for one that cannot be reached: nobody waits for it to halt. */
const PATIENCE_MS = 2_000;
/** More than a line takes. */
const TAIL = 4_096;
const FILE = /^[0-9a-f]{16}\.ndjson$/;

const within = async <T>(work: Promise<T>): Promise<T> => {
  const controller = new AbortController();
  work.catch(() => undefined);
  const late = pause(PATIENCE_MS, null, { signal: controller.signal }).then(() => {
    throw new Error(`it does not answer within ${PATIENCE_MS / 1000} s`);
  });
  late.catch(() => undefined);
  return Promise.race([work, late]).finally(() => controller.abort());
};

const readLine = (line: string): AnchoredHead | null => {
  try {
    const { place, ...head } = JSON.parse(line) as Record<string, unknown>;
    const read = readHead(canonicalJson(head));
    return typeof place === 'string' && read !== null ? { place, head: read } : null;
  } catch {
    return null;
  }
};

const isMissing = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === 'ENOENT';

const fileOf = (anchor: string, workspace: string): string => join(anchor, `${workspace}.ndjson`);

/** Last head of a workspace in the anchor; null where there is none yet. Throws when the folder cannot be reached: it is not made, or an unmounted disk would be anchored to itself. */
export const lastAnchored = (anchor: string, workspace: string): Promise<AuditHead | null> =>
  within(
    (async () => {
      if (!(await stat(anchor)).isDirectory()) throw new Error('it is no folder');
      const handle = await open(fileOf(anchor, workspace), 'r').catch((error: unknown) => {
        if (isMissing(error)) return null;
        throw error;
      });
      if (handle === null) return null;
      try {
        const { size } = await handle.stat();
        const bytes = Buffer.alloc(Math.min(size, TAIL));
        await handle.read(bytes, 0, bytes.length, size - bytes.length);
        return (
          bytes
            .toString('utf8')
            .split('\n')
            .map(readLine)
            .findLast(each => each !== null)?.head ?? null
        );
      } finally {
        await handle.close();
      }
    })(),
  );

/** Puts heads into the anchor; on its disk when it resolves. */
export const anchorHeads = (anchor: string, place: string, heads: readonly AuditHead[]): Promise<void> =>
  within(
    (async () => {
      const [first] = heads;
      if (first === undefined) return;
      const handle = await open(fileOf(anchor, first.workspace), 'a+');
      try {
        const { size } = await handle.stat();
        // A line torn by a crash ends here; what follows must not be glued to it.
        const isTorn = size > 0 && (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer[0] !== 10;
        const lines = heads.map(head => `${canonicalJson({ ...head, place })}\n`);
        await handle.appendFile(`${isTorn ? '\n' : ''}${lines.join('')}`);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    })(),
  );

/** What an anchor keeps of a log. */
export interface ReadAnchor {
  /** Heads of the workspace, and those of other logs that were kept in the same folder of the same machine: they are this log before it was exchanged. */
  readonly heads: readonly AnchoredHead[];
  readonly unreadable: number;
  /** Why it could not be read; null when it was. */
  readonly failure: string | null;
}

/** Reads every head that an anchor keeps of a workspace, or of whatever log was in the same place. */
export const readAnchor = async (anchor: string, workspace: string | null, place: string): Promise<ReadAnchor> => {
  try {
    const files = (await within(readdir(anchor))).filter(name => FILE.test(name)).sort();
    const heads: AnchoredHead[] = [];
    let unreadable = 0;
    for (const name of files)
      for (const line of (await within(readFile(join(anchor, name), 'utf8'))).split('\n').filter(each => each !== '')) {
        const isOurs = name === `${workspace}.ndjson`;
        const read = readLine(line);
        if (read === null) unreadable += isOurs ? 1 : 0;
        else if (isOurs || read.place === place) heads.push(read);
      }
    return { heads, unreadable, failure: null };
  } catch (error) {
    return { heads: [], unreadable: 0, failure: messageOf(error) };
  }
};
