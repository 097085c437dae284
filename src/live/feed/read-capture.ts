import { createHash } from 'node:crypto';
import { badData } from '../../errors.js';
import { KIND_COLUMNS, type MarketKind } from '../../events/market.js';
import type { Imported, Finding, Series } from '../../datasets/series.js';
import { runChecks } from '../../datasets/quality/checks.js';
import type { Disk } from '../../journal/disk.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { timeframeMs, type Timeframe } from '../../market/timeframe.js';
import type { MarketMessage } from '../venue-transport.js';
import { CAPTURE_INDEX, type CaptureHead, type CaptureLine, type CapturedSegment } from './capture.js';
import { doubtBar, doubtMessage } from './market-doubts.js';

/** A capture as series of a dataset, and what was wrong with its files. */
export interface ReadCapture {
  readonly head: CaptureHead;
  readonly imported: readonly Imported[];
  readonly lines: number;
  /** Bytes cut off at the end of a segment that a crash left open. */
  readonly torn: number;
}

/** Rows of one series while they are gathered, in the order of arrival. */
interface Gathered {
  readonly kind: MarketKind;
  readonly symbol: Symbol;
  readonly timeframe?: Timeframe;
  readonly rows: number[][];
  /** What was taken: by id (trades), by time (bars, rates). */
  readonly seen: Set<string>;
  repeated: number;
  doubted: number;
}

const isHead = (value: unknown): value is CaptureHead =>
  typeof value === 'object' && value !== null && 'capture' in value && value.capture === 1;
const isLine = (value: unknown): value is CaptureLine =>
  typeof value === 'object' && value !== null && 'at' in value && typeof value.at === 'number';
const isSegment = (value: unknown): value is CapturedSegment =>
  typeof value === 'object' && value !== null && 'sha256' in value && 'file' in value && 'previous' in value;

/** NaN and infinities were written as null. Strings are ids. */
const numbers = (value: unknown): unknown => (value === null ? NaN : value);
const parse = (text: string): unknown => JSON.parse(text, (_, value: unknown) => numbers(value));

const gatherer = () => {
  const all = new Map<string, Gathered>();
  const of = (kind: MarketKind, symbol: Symbol, timeframe?: Timeframe): Gathered => {
    const key = `${kind} ${symbol} ${timeframe ?? ''}`;
    const known = all.get(key);
    if (known) return known;
    const fresh: Gathered = {
      kind,
      symbol,
      ...(timeframe === undefined ? {} : { timeframe }),
      rows: [],
      seen: new Set(),
      repeated: 0,
      doubted: 0,
    };
    all.set(key, fresh);
    return fresh;
  };
  const once = (series: Gathered, key: string, row: number[]): void => {
    if (key !== '' && series.seen.has(key)) {
      series.repeated++;
      return;
    }
    if (key !== '') series.seen.add(key);
    series.rows.push(row);
  };
  const bar = (symbol: Symbol, timeframe: Timeframe, row: readonly number[], at: number): void => {
    const [openTime = NaN, open = NaN, high = NaN, low = NaN, close = NaN, volume = NaN] = row;
    const series = of('bars', symbol, timeframe);
    if (doubtBar({ open, high, low, close, volume }) !== null || openTime + timeframeMs(timeframe) > at + LEAD) series.doubted++;
    else once(series, String(openTime), [openTime, open, high, low, close, volume]);
  };
  const minute = (ts: number): string => String(Math.round(ts / 60_000));
  const kindOf = (message: MarketMessage): MarketKind =>
    message.kind === 'bar'
      ? 'bars'
      : message.kind === 'trade'
        ? 'trades'
        : message.kind === 'quote'
          ? 'quotes'
          : message.kind === 'funding-estimate'
            ? 'funding'
            : message.kind;
  /** The line before, until it is known whether it was believed. */
  let last: CaptureLine | null = null;
  const add = (line: CaptureLine | null): void => {
    const before = last;
    last = line;
    if (before === null) return;
    if (line !== null && 'doubted' in line) {
      last = null;
      if ('message' in before) {
        const { message } = before;
        of(kindOf(message), message.symbol, message.kind === 'bar' ? message.timeframe : undefined).doubted++;
      }
      return;
    }
    take(before);
  };
  const take = (line: CaptureLine): void => {
    if ('doubted' in line) return;
    const { at } = line;
    if ('bars' in line) {
      for (const row of line.bars) bar(line.symbol, line.timeframe, row, at);
      return;
    }
    if ('trades' in line) {
      for (const [ts, price, quantity, side, id] of line.trades)
        once(of('trades', line.symbol), String(id), [Number(ts), Number(price), Number(quantity), Number(side)]);
      return;
    }
    if ('values' in line) {
      for (const [ts = NaN, value = NaN] of line.values)
        once(of(line.kind, line.symbol), minute(ts), line.kind === 'funding' ? [ts, value, line.interval] : [ts, value]);
      return;
    }
    const { message } = line;
    const { symbol, ts } = message;
    const isDoubted = doubtMessage(message) !== null || ts > at + LEAD;
    switch (message.kind) {
      case 'bar':
        if (!message.closed) return;
        bar(symbol, message.timeframe, [message.openTime, message.open, message.high, message.low, message.close, message.volume], at);
        return;
      case 'trade':
        if (isDoubted) of('trades', symbol).doubted++;
        else once(of('trades', symbol), message.id, [ts, message.price, message.quantity, message.side]);
        return;
      case 'quote':
        if (isDoubted) of('quotes', symbol).doubted++;
        else once(of('quotes', symbol), '', [ts, message.bid, message.bidSize, message.ask, message.askSize]);
        return;
      case 'book': {
        const series = of('book', symbol);
        const levels = [...message.bids.map(level => [1, ...level]), ...message.asks.map(level => [-1, ...level])];
        for (const level of levels) {
          const [side = NaN, price = NaN, quantity = NaN] = level;
          series.rows.push([ts, side, price, quantity, message.snapshot ? 1 : 0, message.firstId, message.lastId, message.previousId]);
        }
        return;
      }
      case 'mark':
        if (isDoubted) {
          of('mark', symbol).doubted++;
          return;
        }
        once(of('mark', symbol), String(ts), [ts, message.price]);
        if (message.index > 0 && message.index < Infinity) once(of('index', symbol), String(ts), [ts, message.index]);
        return;
      case 'funding':
        if (isDoubted) of('funding', symbol).doubted++;
        else once(of('funding', symbol), minute(ts), [ts, message.rate, message.interval]);
        return;
      case 'open-interest':
        if (!isDoubted) once(of('open-interest', symbol), minute(ts), [ts, message.value]);
        return;
      case 'funding-estimate':
        return;
    }
  };
  return { all, add };
};
/** How far ahead of its arrival an event may be: clocks differ. A bar is closed by then. */
const LEAD = 5_000;

/** Books are a sequence: what arrived late keeps its place and takes the time of what was before it. All else is put in order of time. */
const inOrder = ({ kind, rows }: Gathered): number[][] => {
  if (kind !== 'book') return rows.toSorted((a, b) => (a[0] ?? NaN) - (b[0] ?? NaN));
  let least = -Infinity;
  return rows.map(row => {
    least = Math.max(least, row[0] ?? NaN);
    return [least, ...row.slice(1)];
  });
};

const seriesOf = (gathered: Gathered): Series => {
  const rows = inOrder(gathered);
  const { kind, symbol, timeframe } = gathered;
  return {
    kind,
    symbol,
    ...(timeframe === undefined ? {} : { timeframe }),
    rows: rows.length,
    ts: Float64Array.from(rows, row => row[0] ?? NaN),
    columns: KIND_COLUMNS[kind].map((_, c) => Float64Array.from(rows, row => row[c + 1] ?? NaN)),
  };
};

/**
 * Reads a capture back, checks each closed segment against its hash and the chain, and gives what a dataset needs: each bar, trade and rate once, the first word counting as it did live. Of messages that cannot be,
 * only the number is kept. Throws bad data for a segment that was altered, is missing, or has a line that cannot be read and is not at its torn end.
 */
export const readCapture = async (disk: Disk, folder: string): Promise<ReadCapture> => {
  const names = await disk.list(folder);
  const decoder = new TextDecoder();
  const segments = names.filter(name => /^\d+\.ndjson$/.test(name));
  if (segments.length === 0) throw badData('no-capture', `There is no capture in ${folder}.`, 'Name the folder that holds its segments.');
  const index = names.includes(CAPTURE_INDEX) ? decoder.decode(await disk.read(`${folder}/${CAPTURE_INDEX}`)) : '';
  const entries = index
    .split('\n')
    .filter(text => text !== '')
    .map(parse)
    .filter(isSegment);
  const byFile = new Map(entries.map(entry => [entry.file, entry]));
  for (const [n, { file, previous }] of entries.entries())
    if (previous !== (entries[n - 1]?.sha256 ?? '') || !segments.includes(file))
      throw badData('broken-capture', `Segment ${file} of the capture in ${folder} is missing, or does not follow on the one before it.`);
  const { all, add } = gatherer();
  let head: CaptureHead | null = null;
  let [lines, torn, bytes] = [0, 0, 0];
  const hash = createHash('sha256');
  for (const file of segments) {
    const data = await disk.read(`${folder}/${file}`);
    const sha256 = createHash('sha256').update(data).digest('hex');
    const entry = byFile.get(file);
    if (entry !== undefined && entry.sha256 !== sha256)
      throw badData('altered-capture', `Segment ${file} of the capture in ${folder} was altered: its hash is not the one in the index.`);
    hash.update(sha256);
    bytes += data.length;
    const texts = decoder.decode(data).split('\n');
    const tail = texts.pop() ?? '';
    torn += tail.length;
    for (const [n, text] of texts.entries()) {
      let value: unknown;
      try {
        value = parse(text);
      } catch {
        throw badData('broken-capture', `Line ${n + 1} of segment ${file} of the capture in ${folder} cannot be read.`);
      }
      if (isHead(value)) head ??= value;
      else if (isLine(value)) add(value);
      lines++;
    }
  }
  add(null);
  if (head === null) throw badData('broken-capture', `The capture in ${folder} does not say what it is of: its first line is missing.`);
  const origin = head;
  const file = `capture of ${origin.venue}`;
  const sha256 = hash.digest('hex');
  const imported = [...all.values()]
    .filter(({ rows }) => rows.length > 0)
    .map((gathered): Imported => {
      const series = seriesOf(gathered);
      const { kind, symbol } = series;
      const context = {
        file,
        exchange: origin.venue,
        step: series.timeframe === undefined ? NaN : timeframeMs(series.timeframe),
        naive: false,
        locate: () => ({ file }),
      };
      const noted = (code: string, count: number, message: string): Finding[] =>
        count === 0 ? [] : [{ code, severity: 'info', file, symbol, kind, count, message }];
      return {
        series,
        instrument: instrumentOf(origin.instruments, symbol),
        source: { file, sha256, bytes, rows: series.rows, reading: { format: 'capture', lines: String(lines) } },
        findings: [
          ...noted('said-again', gathered.repeated, `${gathered.repeated} rows came more than once; the first one counts.`),
          ...noted('not-believed', gathered.doubted, `${gathered.doubted} messages that cannot be were left out.`),
          ...runChecks(series, context),
        ],
        synthetic: origin.synthetic,
      };
    })
    .sort((a, b) => (a.series.symbol < b.series.symbol ? -1 : a.series.symbol > b.series.symbol ? 1 : 0));
  return { head: origin, imported, lines, torn };
};

const instrumentOf = (instruments: readonly Instrument[], symbol: Symbol): Instrument => {
  const found = instruments.find(each => each.symbol === symbol);
  if (found === undefined) throw badData('broken-capture', `The capture has data of ${symbol} and does not say its tick and lot.`);
  return found;
};
