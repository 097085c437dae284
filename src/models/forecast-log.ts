import type { ForecastRecord } from './forecast-record.js';
import type { ForecastView } from './forecast-source.js';

/** Columns of one number a row, and those of three. */
const SINGLE = [
  'ts',
  'symbol',
  'maturedAt',
  'outcome',
  'realised',
  'combinedMean',
  'combinedSd',
  'low',
  'high',
  'novelty',
  'regime',
] as const;
const TRIPLE = ['combined', 'uncalibrated'] as const;
const MEMBER_SINGLE = ['mean', 'sd', 'weight'] as const;
const MEMBER_TRIPLE = ['probability', 'raw'] as const;

type Single = (typeof SINGLE)[number];
type Triple = (typeof TRIPLE)[number];
type MemberColumn = (typeof MEMBER_SINGLE)[number] | (typeof MEMBER_TRIPLE)[number];

/** One row of forecasts as a strategy sees it; undefined where none was made. `usual` holds climatology's probabilities. */
export const forecastView = (
  columns: Pick<ForecastRecord, 'ts' | 'combined' | 'combinedMean' | 'combinedSd' | 'low' | 'high' | 'novelty' | 'regime'>,
  horizon: number,
  usual: Float64Array,
  row: number,
): ForecastView | undefined => {
  const { ts, combined, combinedMean, combinedSd, low, high, novelty, regime } = columns;
  if (!(combined[3 * row]! >= 0)) return undefined;
  return {
    ts: ts[row]!,
    horizon,
    down: combined[3 * row]!,
    flat: combined[3 * row + 1]!,
    up: combined[3 * row + 2]!,
    mean: combinedMean[row]!,
    sd: combinedSd[row]!,
    low: low[row]!,
    high: high[row]!,
    novelty: novelty[row]!,
    regime: regime[row]!,
    usualUp: usual[3 * row + 2]!,
    usualDown: usual[3 * row]!,
  };
};

/** Forecasts in growable columns, one row a symbol and bar; a row is NaN but for what is known of it. */
export class ForecastLog {
  length = 0;
  private _capacity = 1024;
  private readonly _columns: Record<Single | Triple, Float64Array>;
  private readonly _members: Record<MemberColumn, Float64Array>[];

  constructor(
    readonly symbols: readonly string[],
    readonly models: readonly string[],
    readonly horizon: number,
    readonly label: string,
    readonly coverage: number,
  ) {
    const make = <K extends string>(names: readonly K[], width: number): Record<K, Float64Array> =>
      Object.fromEntries(names.map(name => [name, new Float64Array(width * this._capacity).fill(NaN)])) as Record<K, Float64Array>;
    this._columns = { ...make(SINGLE, 1), ...make(TRIPLE, 3) };
    this._members = models.map(() => ({ ...make(MEMBER_SINGLE, 1), ...make(MEMBER_TRIPLE, 3) }));
  }

  /** A column by row; it is another array after the log has grown. */
  column(name: Single | Triple): Float64Array {
    return this._columns[name];
  }

  member(model: number, name: MemberColumn): Float64Array {
    return this._members[model]![name];
  }

  /** A new row, NaN throughout; returns its place. */
  add(): number {
    if (this.length === this._capacity) this._grow();
    return this.length++;
  }

  /** The row as a strategy sees it; `baseline` is the place of climatology. */
  view(row: number, baseline: number): ForecastView | undefined {
    return forecastView(this._columns, this.horizon, this._members[baseline]!.probability, row);
  }

  /** All rows, as columns of their own. */
  record(rest: Pick<ForecastRecord, 'trainings' | 'drifts' | 'importances'>): ForecastRecord {
    const c = this._columns;
    const one = (column: Float64Array): Float64Array => column.slice(0, this.length);
    const three = (column: Float64Array): Float64Array => column.slice(0, 3 * this.length);
    const of = (name: MemberColumn, cut: (column: Float64Array) => Float64Array): Float64Array[] =>
      this._members.map(member => cut(member[name]));
    return {
      horizon: this.horizon,
      label: this.label,
      symbols: this.symbols,
      models: this.models,
      length: this.length,
      ts: one(c.ts),
      symbol: one(c.symbol),
      maturedAt: one(c.maturedAt),
      outcome: one(c.outcome),
      realised: one(c.realised),
      probability: of('probability', three),
      mean: of('mean', one),
      sd: of('sd', one),
      weight: of('weight', one),
      combined: three(c.combined),
      combinedMean: one(c.combinedMean),
      combinedSd: one(c.combinedSd),
      uncalibrated: three(c.uncalibrated),
      low: one(c.low),
      high: one(c.high),
      coverage: this.coverage,
      novelty: one(c.novelty),
      regime: one(c.regime),
      ...rest,
    };
  }

  private _grow(): void {
    const grow = (columns: Record<string, Float64Array>): void => {
      for (const name of Object.keys(columns)) {
        const old = columns[name]!;
        const next = new Float64Array(old.length * 2).fill(NaN, old.length);
        next.set(old);
        columns[name] = next;
      }
    };
    grow(this._columns);
    for (const member of this._members) grow(member);
    this._capacity *= 2;
  }
}
