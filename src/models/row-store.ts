import type { Bar } from '../events/market.js';
import type { FeatureSet } from '../features/feature-set.js';
import { featureSetWarmup } from '../features/feature-set.js';
import { createPanelFold } from '../features/panel-fold.js';
import type { FuturesView } from '../features/panel-feature.js';
import { barSigma } from './bar-sigma.js';
import type { Label, Labeller, MaturedLabel } from './labels/label.js';

/** A label that became known at the latest instant: which row it is of, and what came. */
export interface Matured {
  readonly id: number;
  readonly symbol: number;
  readonly label: number;
  readonly outcome: number;
}

/**
 * Rows of features as they come, one a symbol and bar, with what came of each once it is known. Rows are named by an id that counts up and never changes; those
 * older than `keep` bars are let go. Nothing in here is changed after the fact but the label of a row, once, when it matures.
 */
export class RowStore {
  readonly width: number;
  /** Ids of the rows of the latest instant by symbol; −1 for a symbol without a bar. */
  readonly current: Float64Array;
  /** Labels that the latest instant brought, in symbol order, oldest row first. */
  readonly matured: Matured[] = [];
  /** Rows that ever were, and the id of the oldest kept. */
  next = 0;
  base = 0;
  /** Rows by id − base. */
  x: Float64Array;
  ts: Float64Array;
  group: Float64Array;
  /** Standard deviation of the return over the horizon. */
  scale: Float64Array;
  /** NaN until known. */
  maturedAt: Float64Array;
  label: Float64Array;
  outcome: Float64Array;
  /** 1 once every feature of the symbol has warmed up. */
  ready: Uint8Array;

  private readonly _fold: ReturnType<typeof createPanelFold>;
  private readonly _row: Float64Array;
  private readonly _sigma: ((close: number) => number)[];
  private readonly _labellers: Labeller[];
  /** Ids by the labeller's own count of bars, for each symbol. */
  private readonly _ids: number[][];
  private readonly _seen: Float64Array;
  private readonly _warmup: number;
  private readonly _root: number;
  private _capacity = 1024;

  constructor(
    features: FeatureSet,
    label: Label,
    readonly symbols: readonly string[],
    /** Bars after which rows may be let go; Infinity keeps all. */
    readonly keep: number,
  ) {
    this._fold = createPanelFold(features, symbols);
    this.width = this._fold.width;
    this._row = new Float64Array(symbols.length * this.width);
    this.current = new Float64Array(symbols.length).fill(-1);
    this._sigma = symbols.map(() => barSigma());
    this._ids = symbols.map(() => []);
    this._seen = new Float64Array(symbols.length);
    this._warmup = featureSetWarmup(features);
    this._root = Math.sqrt(label.horizon);
    this._labellers = symbols.map((_, s) => label.create(matured => this._mature(s, matured)));
    const n = this._capacity;
    this.x = new Float64Array(n * this.width);
    this.ts = new Float64Array(n);
    this.group = new Float64Array(n);
    this.scale = new Float64Array(n);
    this.maturedAt = new Float64Array(n);
    this.label = new Float64Array(n);
    this.outcome = new Float64Array(n);
    this.ready = new Uint8Array(n);
  }

  /** Ids of a symbol's rows, oldest first; those below `base` are gone. */
  idsOf(symbol: number): readonly number[] {
    return this._ids[symbol]!;
  }

  /** All bars of one instant, null where a symbol has none; labels mature first, then the rows of the instant are made. */
  step(bars: readonly (Bar | null)[], futures: readonly FuturesView[]): void {
    this.matured.length = 0;
    this._fold.step(bars, futures, this._row);
    for (let s = 0; s < bars.length; s++) {
      const bar = bars[s];
      if (!bar) {
        this.current[s] = -1;
        continue;
      }
      const sigma = this._sigma[s]!(bar.close);
      const id = this._add(s, bar, sigma);
      this.current[s] = id;
      this._ids[s]!.push(id);
      this._labellers[s]!.push(bar, sigma);
    }
    if (this.keep !== Infinity && this.next - this.base > 2 * this.keep * this.symbols.length + 4096)
      this._release(this.next - this.keep * this.symbols.length);
  }

  private _mature(symbol: number, { row, maturedAt, label, outcome }: MaturedLabel): void {
    const id = this._ids[symbol]![row]!;
    this.matured.push({ id, symbol, label, outcome });
    if (id < this.base) return;
    const i = id - this.base;
    this.maturedAt[i] = maturedAt;
    this.label[i] = label;
    this.outcome[i] = outcome;
  }

  private _add(symbol: number, bar: Bar, sigma: number): number {
    const id = this.next++;
    const i = id - this.base;
    if (i >= this._capacity) this._grow();
    const { width } = this;
    const offset = symbol * width;
    for (let k = 0; k < width; k++) this.x[i * width + k] = this._row[offset + k]!;
    this.ts[i] = bar.ts;
    this.group[i] = symbol;
    this.scale[i] = sigma * this._root;
    this.maturedAt[i] = NaN;
    this.label[i] = NaN;
    this.outcome[i] = NaN;
    const seen = this._seen[symbol]! + 1;
    this._seen[symbol] = seen;
    this.ready[i] = seen >= this._warmup && sigma > 0 ? 1 : 0;
    return id;
  }

  private _grow(): void {
    this._capacity *= 2;
    const grown = (old: Float64Array, width = 1): Float64Array => {
      const next = new Float64Array(this._capacity * width);
      next.set(old);
      return next;
    };
    this.x = grown(this.x, this.width);
    this.ts = grown(this.ts);
    this.group = grown(this.group);
    this.scale = grown(this.scale);
    this.maturedAt = grown(this.maturedAt);
    this.label = grown(this.label);
    this.outcome = grown(this.outcome);
    const ready = new Uint8Array(this._capacity);
    ready.set(this.ready);
    this.ready = ready;
  }

  /** Let go of rows below this id. */
  private _release(first: number): void {
    const shift = first - this.base;
    const rows = this.next - first;
    this.x.copyWithin(0, shift * this.width, (shift + rows) * this.width);
    for (const column of [this.ts, this.group, this.scale, this.maturedAt, this.label, this.outcome, this.ready])
      column.copyWithin(0, shift, shift + rows);
    this.base = first;
  }
}
