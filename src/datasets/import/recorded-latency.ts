import { badData, usageError } from '../../errors.js';
import { containerOf, fileSize, Meter, pieces } from './bytes.js';
import { csvLayout, CsvParser } from './csv.js';
import { columnOf, plainName, receivedColumn } from './field-names.js';
import type { Table } from './table.js';
import { toMilliseconds } from './time-column.js';

/** How long market data was on the way in a recording, thinned to a few points. */
interface RecordedLatencies {
  readonly file: string;
  /** SHA-256 of the file: which recording it was. */
  readonly version: string;
  /** Venue's time of each point, epoch ms, ascending. */
  readonly ts: readonly number[];
  /** Milliseconds from the venue to the receiver at each point: the median of its stretch of messages. */
  readonly feed: readonly number[];
  /** Messages that they come from. */
  readonly messages: number;
  /** Receiver's clock minus venue's clock, ms, as far as a recording can tell: the smallest difference seen, less the floor. */
  readonly clockOffset: number;
  /** What the fastest message is taken to have needed, ms. */
  readonly floor: number;
}

interface RecordedLatencyOptions {
  /** Milliseconds that the fastest message needed. A recording cannot tell it where the clocks differ: 1 by default, more where the receiver was far from the venue. */
  readonly floor?: number;
  /** Most points to keep; 1,000 by default. */
  readonly points?: number;
}

const readTable = async (file: string): Promise<{ readonly table: Table; readonly version: string }> => {
  const meter = new Meter(file, await fileSize(file), undefined);
  const container = await containerOf(file);
  if (container === 'parquet' || container === 'zip')
    throw usageError('recording-format', `${file} is a ${container} file.`, 'Give the recording as CSV or CSV.gz.');
  let head: Buffer[] = [];
  let parser: CsvParser | undefined;
  const begin = (complete: boolean): void => {
    const text = Buffer.concat(head);
    head = [];
    const { layout, sample } = csvLayout(text.toString('utf8'), complete, file);
    const header = (sample.header ?? []).map(plainName);
    const time = columnOf('time', header);
    const received = receivedColumn(header, time);
    if (received === undefined || time === undefined)
      throw usageError(
        'no-receive-time',
        `${file} does not say both when a message was sent and when it was received; it has ${(sample.header ?? []).join(', ')}.`,
        'Give a recording with a column like recv_ns beside the venue’s ts.',
      );
    const action = columnOf('action', header);
    parser = new CsvParser(layout, [
      { index: received, name: 'received', role: 'number' },
      { index: time, name: 'time', role: 'number' },
      ...(action === undefined ? [] : [{ index: action, name: 'action', role: 'category' as const }]),
    ]);
    parser.push(text);
  };
  let size = 0;
  for await (const { chunk, end } of pieces(file, container, meter)) {
    if (chunk !== undefined && parser !== undefined) parser.push(chunk);
    else if (chunk !== undefined) {
      head.push(chunk);
      size += chunk.length;
      if (size > 1 << 16) begin(false);
    }
    if (end !== undefined && parser === undefined) begin(true);
  }
  if (parser === undefined) throw badData('empty-file', `${file} holds no rows.`, 'Download it again.');
  return { table: parser.end(false), version: meter.sha256() };
};

/** Middle of some values, which are put in order: the mean of the two middle ones of an even number. */
const medianOf = (values: Float64Array): number => {
  values.sort();
  const half = values.length >> 1;
  return values.length % 2 === 1 ? values[half]! : (values[half - 1]! + values[half]!) / 2;
};

/** Whether differences between the venue's and the receiver's times say that they are one clock, cut to whole milliseconds. */
export const isOneClock = (least: number, most: number): boolean => least >= -1 && most <= 1;

/**
 * Latency of market data out of a recording whose rows have the venue's time and the receiver's. The two clocks differ, often by more than the latency, so only differences between messages can
 * be told: the fastest message is set to `floor`, and every other one is that much plus how much later it came. Rows of one message count once; snapshots are left out, for they were asked
 * for. Throws a usage error for a recording without both times, and bad data when they are of one clock.
 */
export const recordedLatencies = async (
  file: string,
  { floor = 1, points = 1000 }: RecordedLatencyOptions = {},
): Promise<RecordedLatencies> => {
  if (!(floor >= 0) || !(points >= 1))
    throw usageError(
      'bad-option',
      `A floor of ${floor} ms and ${points} points make no sense.`,
      'Give a floor of 0 or more and at least one point.',
    );
  const { table, version } = await readTable(file);
  const [receivedColumn, timeColumn, action] = table.columns;
  const received = receivedColumn?.values.slice(0, table.rows) ?? new Float64Array();
  const sent = timeColumn?.values.slice(0, table.rows) ?? new Float64Array();
  toMilliseconds(received, 'auto');
  toMilliseconds(sent, 'auto');
  const snapshots = new Set(action?.labels.flatMap((label, code) => (/snapshot|partial/i.test(label) ? [code] : [])));
  const rows: number[] = [];
  for (let i = 0; i < table.rows; i++) {
    if (Number.isNaN(received[i]! - sent[i]!) || (action !== undefined && snapshots.has(action.values[i]!))) continue;
    const before = rows.at(-1);
    if (before === undefined || received[before] !== received[i] || sent[before] !== sent[i]) rows.push(i);
  }
  if (rows.length === 0) throw badData('no-rows', `${file} has no row with both times.`, 'Check the recording.');
  rows.sort((a, b) => sent[a]! - sent[b]! || a - b);
  let least = Infinity;
  let most = -Infinity;
  for (const row of rows) {
    least = Math.min(least, received[row]! - sent[row]!);
    most = Math.max(most, received[row]! - sent[row]!);
  }
  if (isOneClock(least, most))
    throw badData(
      'one-clock',
      `The venue's times in ${file} are the receiver's own, cut to milliseconds: they show no latency.`,
      'Give a recording of messages that carry the venue’s time.',
    );
  const stretches = Math.min(points, rows.length);
  const ts: number[] = [];
  const feed: number[] = [];
  for (let k = 0; k < stretches; k++) {
    const start = Math.floor((k * rows.length) / stretches);
    const end = Math.floor(((k + 1) * rows.length) / stretches);
    ts.push(sent[rows[(start + end - 1) >> 1]!]!);
    feed.push(medianOf(Float64Array.from(rows.slice(start, end), row => received[row]! - sent[row]! - least + floor)));
  }
  return { file, version, ts, feed, messages: rows.length, clockOffset: least - floor, floor };
};
