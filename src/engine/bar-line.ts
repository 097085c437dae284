import type { Bar, Chunk } from '../events/market.js';
import { Tape, type TapeCursor } from '../events/tape.js';
import type { Feature } from '../features/feature.js';
import type { Symbol } from '../market/instrument.js';
import { timeframeMs, type Timeframe } from '../market/timeframe.js';
import { resampler, type Resampler } from '../datasets/resample.js';

/** Columns computed once and shared between runs over the same chunks; see `IndicatorCache`. */
export interface IndicatorColumns {
  /** Interleaved outputs of the feature over every row of the chunk: row × outputs + output. Undefined to let the run compute its own. */
  columns(chunk: Chunk, feature: Feature): Float64Array | undefined;
}

/** The fold of one feature over the bars of one line, a chunk at a time. */
interface Fold {
  readonly feature: Feature;
  readonly step: (bar: Bar, out: Float64Array, offset: number) => void;
  readonly width: number;
  values: Float64Array;
}

/** Bars with the time at which each could be known. */
interface Derived extends Chunk {
  readonly knownAt: Float64Array;
}

const NONE: Float64Array = new Float64Array(0);

/** A stretch of a line by column, with the indicators over it. */
export interface BarPage {
  readonly symbol: Symbol;
  readonly timeframe: Timeframe;
  /** Of a bar, ms. */
  readonly length: number;
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  /** By number of the indicator: row × outputs + output. */
  readonly values: readonly Float64Array[];
}

/** A bar of a page, as a fresh object that may be kept. */
export const barAt = ({ symbol, timeframe, length, ts, open, high, low, close, volume }: BarPage, row: number): Bar => {
  const openTime = ts[row] as number;
  return {
    symbol,
    timeframe,
    openTime,
    ts: openTime + length,
    open: open[row] as number,
    high: high[row] as number,
    low: low[row] as number,
    close: close[row] as number,
    volume: volume[row] as number,
  };
};

/**
 * Bars of one symbol and timeframe as a strategy sees them: a cursor over completed bars, with the strategy's indicators computed by the same fold that a live bar
 * goes through. A timeframe above the data's is built from it, each bar when it is complete.
 */
export class BarLine {
  private readonly _tape = new Tape();
  private readonly _cursor: TapeCursor = this._tape.cursor();
  private readonly _length: number;
  private readonly _folds: Fold[];
  private readonly _build: ((chunk: Chunk) => Chunk) | null;
  // The chunk at hand, taken apart: a bar costs a few array reads and nothing else.
  private _chunk: Chunk | null = null;
  private _row = 0;
  private _rows = 0;
  private _ts = NONE;
  private _open = NONE;
  private _high = NONE;
  private _low = NONE;
  private _close = NONE;
  private _volume = NONE;
  private _known = NONE;
  private _lag = 0;
  private _page: BarPage | null = null;
  /** Of the last bar of the chunk before. */
  private _before = { high: NaN, low: NaN, volume: NaN };
  /** When the next bar can be known; Infinity when there is none yet. */
  nextAt = Infinity;
  /** Bars delivered so far, counted by the engine as it delivers them. */
  seen = 0;

  constructor(
    readonly symbol: Symbol,
    readonly index: number,
    readonly timeframe: Timeframe,
    base: Timeframe,
    features: readonly Feature[],
    readonly delay: number,
    readonly cache: IndicatorColumns | null,
  ) {
    this._length = timeframeMs(timeframe);
    this._build = timeframe === base ? null : longerBars(timeframeMs(base), timeframe);
    this._folds = features.map(feature => ({ feature, step: feature.create(), width: feature.outputs.length, values: NONE }));
  }

  get length(): number {
    return this._length;
  }

  /** Bars of the data's own timeframe. */
  load(chunk: Chunk): void {
    this._tape.append(this._build ? this._build(chunk) : chunk);
    if (this._row >= this._rows) this._turn();
  }

  /** The bar at the cursor, as a fresh object that may be kept. */
  bar(): Bar {
    const row = this._row;
    const openTime = this._ts[row] as number;
    return {
      symbol: this.symbol,
      timeframe: this.timeframe,
      openTime,
      ts: openTime + this._length,
      open: this._open[row] as number,
      high: this._high[row] as number,
      low: this._low[row] as number,
      close: this._close[row] as number,
      volume: this._volume[row] as number,
    };
  }

  /** Close of the bar at the cursor. */
  close(): number {
    return this._close[this._row] as number;
  }

  /** Volume of the bar at the cursor. */
  volume(): number {
    return this._volume[this._row] as number;
  }

  /** Row of the bar at the cursor, in these columns. */
  get row(): number {
    return this._row;
  }

  get volumes(): Float64Array {
    return this._volume;
  }

  get openTimes(): Float64Array {
    return this._ts;
  }

  /** The chunk at hand, to be read after the cursor has left it. */
  get page(): BarPage {
    return (this._page ??= {
      symbol: this.symbol,
      timeframe: this.timeframe,
      length: this._length,
      ts: this._ts,
      open: this._open,
      high: this._high,
      low: this._low,
      close: this._close,
      volume: this._volume,
      values: this._folds.map(fold => fold.values),
    });
  }

  /** High, low and volume of the newest bar that could be known at `known`, as long as the cursor is on it or one beyond it. NaN before the first. */
  latest(known: number): { readonly high: number; readonly low: number; readonly volume: number } {
    const row = this.nextAt <= known ? this._row : this._row - 1;
    if (row < 0) return this._before;
    return { high: this._high[row] ?? NaN, low: this._low[row] ?? NaN, volume: this._volume[row] ?? NaN };
  }

  /** All outputs of indicator `k` over the rows of the chunk at hand: row × outputs + output. */
  columns(k: number): Float64Array {
    return this._folds[k]?.values ?? NONE;
  }

  /** Output `output` of indicator `k` at the cursor's bar. */
  value(k: number, output: number): number {
    const fold = this._folds[k] as Fold;
    return fold.values[this._row * fold.width + output] as number;
  }

  /** On to the next bar. */
  advance(): void {
    const row = ++this._row;
    if (row < this._rows) this.nextAt = (this._known[row] as number) + this._lag;
    else this._turn();
  }

  /** On to the next chunk, if there is one: its indicators are computed here, by the fold that came out of the last. */
  private _turn(): void {
    this._cursor.row = this._row;
    if (!this._cursor.ready()) {
      this.nextAt = Infinity;
      return;
    }
    const chunk = this._cursor.chunk as Chunk;
    if (chunk !== this._chunk) {
      if (this._chunk !== null) this._before = this.latest(-Infinity);
      this._chunk = chunk;
      this._page = null;
      const [open, high, low, close, volume] = chunk.columns;
      this._ts = chunk.ts;
      this._open = open as Float64Array;
      this._high = high as Float64Array;
      this._low = low as Float64Array;
      this._close = close as Float64Array;
      this._volume = volume as Float64Array;
      this._rows = chunk.rows;
      this._known = this._build ? (chunk as Derived).knownAt : chunk.ts;
      this._lag = (this._build ? 0 : this._length) + this.delay;
      for (const fold of this._folds) fold.values = this.cache?.columns(chunk, fold.feature) ?? compute(fold, chunk, this._length);
    }
    this._row = this._cursor.row;
    this.nextAt = (this._known[this._row] as number) + this._lag;
  }
}

const compute = (fold: Fold, chunk: Chunk, length: number): Float64Array => {
  const { rows, ts, symbol } = chunk;
  const c = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const out = new Float64Array(rows * fold.width);
  const { step, width } = fold;
  const timeframe = chunk.timeframe as Timeframe;
  const bar = { symbol, timeframe, openTime: 0, ts: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };
  for (let i = 0; i < rows; i++) {
    bar.openTime = ts[i] as number;
    bar.ts = bar.openTime + length;
    bar.open = c[0][i] as number;
    bar.high = c[1][i] as number;
    bar.low = c[2][i] as number;
    bar.close = c[3][i] as number;
    bar.volume = c[4][i] as number;
    step(bar, out, i * width);
  }
  return out;
};

/** Columns of a feature over all rows of a chunk, by the fold that a run goes through: what a cache of shared columns holds. */
export const featureColumns = (feature: Feature, chunk: Chunk): Float64Array =>
  compute(
    { feature, step: feature.create(), width: feature.outputs.length, values: new Float64Array(0) },
    chunk,
    timeframeMs(chunk.timeframe ?? ''),
  );

/** Longer bars out of shorter ones, chunk by chunk; each carries the close time of the bar that completed it. */
const longerBars = (baseMs: number, timeframe: Timeframe): ((chunk: Chunk) => Derived) => {
  const ms = timeframeMs(timeframe);
  let rows: number[][] = [];
  let known = 0;
  const fold: Resampler = resampler(baseMs, ms, b =>
    rows.push([b.openTime, b.open, b.high, b.low, b.close, b.volume, Math.max(known, b.openTime + ms)]),
  );
  return chunk => {
    rows = [];
    const c = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    for (let i = 0; i < chunk.rows; i++) {
      const openTime = chunk.ts[i] as number;
      known = openTime + baseMs;
      fold.push(openTime, c[0][i] as number, c[1][i] as number, c[2][i] as number, c[3][i] as number, c[4][i] as number);
    }
    const column = (k: number): Float64Array => Float64Array.from(rows, row => row[k] as number);
    return {
      kind: 'bars',
      symbol: chunk.symbol,
      timeframe,
      rows: rows.length,
      ts: column(0),
      columns: [column(1), column(2), column(3), column(4), column(5)],
      knownAt: column(6),
    };
  };
};
