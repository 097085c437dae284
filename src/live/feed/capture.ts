import { createHash } from 'node:crypto';
import type { Disk, DiskFile } from '../../journal/disk.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import type { Timeframe } from '../../market/timeframe.js';
import type { LiveClock } from '../live-clock.js';
import type { MarketMessage } from '../venue-transport.js';

/** Keeps what a feed receives, as it came: nothing is judged or left out. */
export interface Capture {
  message(message: MarketMessage): void;
  /** The message just kept was not believed, and why: a replay does not take it either. */
  doubted(code: string): void;
  bars(symbol: Symbol, timeframe: Timeframe, rows: readonly (readonly number[])[]): void;
  trades(symbol: Symbol, rows: readonly (readonly (number | string)[])[]): void;
  values(kind: 'funding' | 'open-interest', symbol: Symbol, rows: readonly (readonly number[])[], interval: number): void;
  /** Lines that were lost because the disk was slower than the market, or had failed. */
  readonly lost: number;
  /** Why nothing is kept any more, or null. */
  readonly failure: string | null;
  /** Writes what is pending and closes the segment. */
  close(): Promise<void>;
}

/** The first line of each segment. */
export interface CaptureHead {
  readonly capture: 1;
  readonly venue: string;
  /** True for a practice exchange: such data is generated and is never shown as recorded. */
  readonly synthetic: boolean;
  readonly instruments: readonly Instrument[];
}

/** One received thing: market time of its arrival, and the message or the answer. */
export type CaptureLine =
  | { readonly at: number; readonly message: MarketMessage }
  /** About the line before. */
  | { readonly at: number; readonly doubted: string }
  | { readonly at: number; readonly bars: readonly (readonly number[])[]; readonly symbol: Symbol; readonly timeframe: Timeframe }
  | { readonly at: number; readonly trades: readonly (readonly (number | string)[])[]; readonly symbol: Symbol }
  | {
      readonly at: number;
      readonly values: readonly (readonly number[])[];
      readonly kind: 'funding' | 'open-interest';
      readonly symbol: Symbol;
      readonly interval: number;
    };

/** What the index says of a closed segment; `previous` is the hash of the segment before, so that none can be left out. */
export interface CapturedSegment {
  readonly file: string;
  readonly lines: number;
  readonly bytes: number;
  readonly sha256: string;
  readonly previous: string;
}

/** Name of the index in a capture's folder. */
export const CAPTURE_INDEX = 'segments.ndjson';
export const segmentName = (n: number): string => `${String(n).padStart(6, '0')}.ndjson`;

const FLUSH_BYTES = 1 << 16;
const FLUSH_MS = 250;

/**
 * Append-only NDJSON segments with a hash each, chained in an index. Writing never holds up the market: lines wait in memory up to a bound, beyond it they are lost and counted; a disk that failed ends the capture
 * and nothing else. A segment without a line in the index is one that a crash cut off: its whole lines count. Infinities and NaN are written as null, which reads as NaN.
 */
export const captureTo = async ({
  disk,
  folder,
  clock,
  venue,
  synthetic,
  instruments,
  segmentBytes = 64 << 20,
  pendingBytes = 32 << 20,
}: {
  readonly disk: Disk;
  readonly folder: string;
  readonly clock: LiveClock;
  readonly venue: string;
  readonly synthetic: boolean;
  readonly instruments: readonly Instrument[];
  /** Length after which a segment is closed. */
  readonly segmentBytes?: number;
  /** What may wait for the disk. */
  readonly pendingBytes?: number;
}): Promise<Capture> => {
  const encoder = new TextEncoder();
  const head: CaptureHead = { capture: 1, venue, synthetic, instruments };
  const names = (await disk.list(folder)).filter(name => /^\d+\.ndjson$/.test(name));
  let number = names.length === 0 ? 1 : Number.parseInt(names.at(-1) ?? '0', 10) + 1;
  const index = (await disk.list(folder)).includes(CAPTURE_INDEX)
    ? new TextDecoder().decode(await disk.read(`${folder}/${CAPTURE_INDEX}`))
    : '';
  let previous = /"sha256":"([0-9a-f]{64})"[^\n]*\n[^\n]*$/.exec(index)?.[1] ?? '';
  let file: DiskFile | null = null;
  let hash = createHash('sha256');
  let [lines, bytes] = [0, 0];
  let pending: string[] = [];
  let pendingSize = 0;
  let waiting = 0;
  let lost = 0;
  let failure: string | null = null;
  let isTimed = false;
  let isClosed = false;
  let tail: Promise<void> = Promise.resolve();

  const closeSegment = async (): Promise<void> => {
    if (file === null) return;
    await file.sync();
    await file.close();
    file = null;
    const entry: CapturedSegment = { file: segmentName(number), lines, bytes, sha256: hash.digest('hex'), previous };
    const ledger = await disk.append(`${folder}/${CAPTURE_INDEX}`);
    await ledger.write(encoder.encode(`${JSON.stringify(entry)}\n`));
    await ledger.sync();
    await ledger.close();
    previous = entry.sha256;
    number++;
  };
  const put = async (text: string, count: number): Promise<void> => {
    if (file === null) {
      file = await disk.append(`${folder}/${segmentName(number)}`);
      hash = createHash('sha256');
      [lines, bytes] = [0, 0];
      text = `${JSON.stringify(head)}\n${text}`;
      count++;
    }
    const data = encoder.encode(text);
    await file.write(data);
    hash.update(data);
    lines += count;
    bytes += data.length;
    if (bytes >= segmentBytes) await closeSegment();
  };
  const write = async (before: Promise<void>, text: string, count: number, size: number): Promise<void> => {
    await before;
    try {
      if (failure === null) await put(text, count);
    } catch (error) {
      failure = error instanceof Error ? error.message : String(error);
    }
    if (failure !== null) lost += count;
    waiting -= size;
  };
  const flush = (): void => {
    if (pending.length === 0) return;
    const [text, count, size] = [`${pending.join('\n')}\n`, pending.length, pendingSize];
    pending = [];
    pendingSize = 0;
    waiting += size;
    tail = write(tail, text, count, size);
  };
  const keep = (line: CaptureLine): boolean => {
    if (failure !== null || isClosed || pendingSize + waiting > pendingBytes) {
      lost++;
      return false;
    }
    const text = JSON.stringify(line);
    pending.push(text);
    pendingSize += text.length;
    if (pendingSize >= FLUSH_BYTES) flush();
    else if (!isTimed) {
      isTimed = true;
      clock.after(FLUSH_MS, () => {
        isTimed = false;
        flush();
      });
    }
    return true;
  };
  let isKept = false;
  return {
    message: message => {
      // A practice exchange that waits for us holds our clock at the bar before: what it says has happened there.
      isKept = keep({ at: synthetic && 'ts' in message ? Math.max(clock.market(), message.ts) : clock.market(), message });
    },
    doubted: code => {
      if (isKept) keep({ at: clock.market(), doubted: code });
    },
    bars: (symbol, timeframe, rows) => {
      if (rows.length > 0) keep({ at: clock.market(), bars: rows, symbol, timeframe });
    },
    trades: (symbol, rows) => {
      if (rows.length > 0) keep({ at: clock.market(), trades: rows, symbol });
    },
    values: (kind, symbol, rows, interval) => {
      if (rows.length > 0) keep({ at: clock.market(), values: rows, kind, symbol, interval });
    },
    get lost() {
      return lost;
    },
    get failure() {
      return failure;
    },
    close: async () => {
      isClosed = true;
      flush();
      await tail;
      if (failure === null)
        await closeSegment().catch((error: unknown) => {
          failure = error instanceof Error ? error.message : String(error);
        });
    },
  };
};
