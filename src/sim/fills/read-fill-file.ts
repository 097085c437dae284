import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { CsvParser, csvLayout } from '../../datasets/import/csv.js';
import { plainName } from '../../datasets/import/field-names.js';
import { toMilliseconds } from '../../datasets/import/time-column.js';
import { badData, didYouMean } from '../../errors.js';
import { checkObservations, type FillObservation } from './fill-observation.js';
import type { IntervalAt } from './interval-bars.js';

/** Names that a column may have, without case and punctuation. */
const COLUMNS = {
  ts: ['ts', 'time', 'timestamp', 'datetime', 'date'],
  side: ['side'],
  quantity: ['quantity', 'qty', 'size', 'amount'],
  price: ['price', 'fillprice', 'averageprice', 'avgprice'],
  arrival: ['arrival', 'arrivalprice', 'mid', 'arrivalmid'],
  bid: ['bid', 'arrivalbid'],
  ask: ['ask', 'arrivalask'],
  spread: ['spread', 'arrivalspread'],
  sigma: ['sigma', 'volatility'],
  volume: ['volume', 'intervalvolume'],
  symbol: ['symbol'],
} as const;
type Column = keyof typeof COLUMNS;

const SIDES: Readonly<Record<string, number>> = {
  buy: 1,
  b: 1,
  bid: 1,
  long: 1,
  '1': 1,
  '+1': 1,
  sell: -1,
  s: -1,
  ask: -1,
  short: -1,
  '-1': -1,
};

/** What a file of fills holds. */
export interface FillFile {
  readonly observations: readonly FillObservation[];
  readonly sha256: string;
  /** Fills left out because no bar with volume holds them. */
  readonly withoutBar: number;
}

/**
 * Reads fills from a CSV, plain or gzipped, with the columns ts, side, quantity, price, arrival (or bid and ask), sigma and volume, and spread where it is
 * known. `intervalOf` gives σ and volume of a symbol's moment where the file does not; it gets an empty symbol when the file names none. Throws bad data that names
 * file, row and reason.
 */
export const readFillFile = async (file: string, intervalOf: ((symbol: string) => IntervalAt) | null): Promise<FillFile> => {
  const stored = await readFile(file).catch(() => undefined);
  if (stored === undefined) throw badData('no-file', `There is no file ${file}.`, 'Check the path.');
  const bytes = stored[0] === 0x1f && stored[1] === 0x8b ? gunzipSync(stored) : stored;
  const { layout, sample } = csvLayout(bytes.toString('utf8', 0, 1 << 16), bytes.length <= 1 << 16, file);
  const header = (sample.header ?? []).map(plainName);
  const place = (column: Column): number => header.findIndex(name => COLUMNS[column].some(known => known === name));
  const has = (column: Column): boolean => place(column) >= 0;
  const require = (column: Column, fix: string): void => {
    if (has(column)) return;
    throw badData('missing-column', `${file} has no column "${column}".${didYouMean(column, sample.header ?? [])}`, fix);
  };
  const needed = 'A file of fills has a header with ts, side, quantity, price, arrival, and sigma and volume unless --dataset gives them.';
  for (const column of ['ts', 'side', 'quantity', 'price'] as const) require(column, needed);
  const quoted = has('bid') && has('ask');
  if (!quoted) require('arrival', `${needed} Bid and ask may stand for arrival.`);
  if (intervalOf === null) for (const column of ['sigma', 'volume'] as const) require(column, needed);

  const numericTime = Number.isFinite(Number(sample.rows[0]?.[place('ts')]));
  const wanted = (Object.keys(COLUMNS) as Column[]).filter(has);
  const parser = new CsvParser(
    layout,
    wanted.map(name => ({
      index: place(name),
      name,
      role: name === 'side' || name === 'symbol' ? 'category' : name === 'ts' && !numericTime ? 'time' : 'number',
    })),
  );
  parser.push(bytes);
  const parsed = parser.end(false);
  const [fault] = parsed.faults;
  if (fault) throw badData('bad-fill', `Line ${fault.first} of ${file} is broken (${fault.code}): ${fault.text}`, 'Correct or remove it.');
  const column = (name: Column) => parsed.columns.find(each => each.name === name);
  const number = (name: Column, row: number): number => column(name)?.values[row] ?? NaN;
  const word = (name: Column, row: number): string => {
    const found = column(name);
    return found?.labels[found.values[row] ?? -1] ?? '';
  };
  const ts = column('ts')!.values;
  if (numericTime) toMilliseconds(ts, 'auto');

  const intervals = new Map<string, IntervalAt>();
  const intervalAt = (symbol: string, at: number): ReturnType<IntervalAt> => {
    if (intervalOf === null) return null;
    let find = intervals.get(symbol);
    if (find === undefined) intervals.set(symbol, (find = intervalOf(symbol)));
    return find(at);
  };
  let withoutBar = 0;
  const observations: FillObservation[] = [];
  for (let row = 0; row < parsed.rows; row++) {
    const [bid, ask] = [number('bid', row), number('ask', row)];
    const interval = has('sigma') && has('volume') ? null : intervalAt(word('symbol', row), ts[row]!);
    if (interval === null && !(has('sigma') && has('volume')) && Number.isFinite(ts[row])) {
      withoutBar++;
      continue;
    }
    observations.push({
      ts: ts[row]!,
      side: SIDES[word('side', row).toLowerCase()] ?? NaN,
      quantity: number('quantity', row),
      price: number('price', row),
      arrival: quoted ? (bid + ask) / 2 : number('arrival', row),
      sigma: has('sigma') ? number('sigma', row) : (interval?.sigma ?? NaN),
      volume: has('volume') ? number('volume', row) : (interval?.volume ?? NaN),
      ...((quoted || has('spread')) && { spread: quoted ? ask - bid : number('spread', row) }),
      row: row + 1,
    });
  }
  checkObservations(observations, file);
  return { observations, sha256: createHash('sha256').update(stored).digest('hex'), withoutBar };
};
