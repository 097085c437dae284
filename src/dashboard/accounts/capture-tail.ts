import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { CaptureHead, CaptureLine } from '../../live/feed/capture.js';
import { capturedMarket, type CapturedMarket } from './captured-market.js';

/** Follows what a session receives, as it keeps it. */
export interface CaptureTail {
  readonly market: CapturedMarket;
  /** Whether anything was captured at all. */
  readonly exists: boolean;
  /** Reads what is new; says whether there was something. */
  refresh(): Promise<boolean>;
}

/** Bytes that are read at once; the thread is let go in between. */
const STRETCH = 1 << 20;
/** Segments that are read at the beginning: a start has one of its own, with the history that it warmed up on. */
const SEGMENTS = 3;
/** Of what is older than this, only bars and rates are read: quotes and books of then are nothing to look at. */
const RECENT = 8 << 20;

const isLasting = (line: string): boolean =>
  line.includes('"bars":[') || line.includes('"kind":"bar"') || line.includes('"kind":"funding"');

/** A tail of the capture in `folder`, which need not be there. It begins with the newest segments. */
export const captureTail = (folder: string): CaptureTail => {
  const market = capturedMarket();
  let segment = '';
  let offset = 0;
  let exists = false;
  let rest = '';
  let running: Promise<boolean> | null = null;

  const take = (text: string, isRecent: boolean): void => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      if (line === '' || (!isRecent && !isLasting(line) && !line.startsWith('{"capture"'))) continue;
      try {
        const read = JSON.parse(line) as CaptureHead | CaptureLine;
        if ('capture' in read) market.head(read);
        else market.line(read);
      } catch {
        // A line that a crash cut off.
      }
    }
  };
  const readOn = async (): Promise<boolean> => {
    const file = await open(join(folder, segment), 'r').catch(() => null);
    if (file === null) return false;
    let isNew = false;
    try {
      const { size } = await file.stat();
      const decoder = new TextDecoder();
      while (offset < size) {
        const bytes = Buffer.alloc(Math.min(STRETCH, size - offset));
        const { bytesRead } = await file.read(bytes, 0, bytes.length, offset);
        if (bytesRead === 0) break;
        const end = bytes.lastIndexOf(10, bytesRead - 1) + 1;
        // Whole lines only, so that no character is cut.
        if (end === 0 && bytesRead < STRETCH) break;
        const used = end === 0 ? bytesRead : end;
        take(decoder.decode(bytes.subarray(0, used), { stream: true }), size - offset <= RECENT);
        offset += used;
        isNew = true;
        await new Promise<void>(resolve => setImmediate(resolve));
      }
    } finally {
      await file.close();
    }
    return isNew;
  };
  const read = async (): Promise<boolean> => {
    const names = (await readdir(folder).catch(() => [])).filter(name => /^\d+\.ndjson$/.test(name)).sort();
    exists = names.length > 0;
    if (!exists) return false;
    const ahead = segment === '' ? names.slice(-SEGMENTS) : names.filter(name => name >= segment);
    let isNew = false;
    for (const name of ahead) {
      if (name !== segment) {
        segment = name;
        offset = 0;
        rest = '';
      }
      if (await readOn()) isNew = true;
    }
    return isNew;
  };
  return {
    market,
    get exists() {
      return exists;
    },
    refresh: () => (running ??= read().finally(() => (running = null))),
  };
};
