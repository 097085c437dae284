import type { Bar } from '../events/market.js';
import type { Symbol as SymbolName } from '../market/instrument.js';
import { barAt, type BarLine, type BarPage } from './bar-line.js';

/** Indicator values of one symbol by name: a number, or an object of numbers. */
export type IndicatorRow = Record<string, unknown>;

/** What all slices of a run have in common. */
export interface SliceTerms {
  /** By symbol index. */
  readonly symbols: readonly SymbolName[];
  /** −1 for a symbol that is not in the run. */
  readonly indexOf: (symbol: SymbolName) => number;
  /** Indicators by number, and for each the names of its outputs, or null for a single number. */
  readonly names: readonly string[];
  readonly outputs: readonly (readonly string[] | null)[];
  /** Columns of bars may change once they have been played: bars are copied out of them at once. */
  readonly isSession: boolean;
}

/** Row of a symbol that has no bar. */
const ABSENT = -1;
/**
 * The bars of one instant by symbol. What is in it are places in columns, and a bar is made when somebody looks at it: of a hundred symbols a strategy looks at few, and not in each minute. It stays as it is for
 * as long as anybody keeps it.
 */
export class SliceBars implements ReadonlyMap<SymbolName, Bar> {
  private _indicators: (IndicatorRow | undefined)[] | null = null;

  constructor(
    private readonly _terms: SliceTerms,
    /** By symbol index. */
    private readonly _pages: readonly (BarPage | undefined)[],
    private readonly _rows: readonly number[],
    /** Indices of the symbols that are present, in the order in which their bars came. */
    private readonly _order: readonly number[],
    /** Bars that have been made, by symbol index. */
    private _bars: (Bar | undefined)[] | null,
  ) {
    if (_terms.isSession) for (const i of _order) this._copy(i);
  }

  get size(): number {
    return this._order.length;
  }

  has(symbol: SymbolName): boolean {
    return this._isPresent(this._terms.indexOf(symbol));
  }

  get(symbol: SymbolName): Bar | undefined {
    const i = this._terms.indexOf(symbol);
    return this._isPresent(i) ? this._barAt(i) : undefined;
  }

  /** The indicators at a symbol's bar; undefined for one that is absent. */
  indicators(symbol: SymbolName): IndicatorRow | undefined {
    const i = this._terms.indexOf(symbol);
    return this._isPresent(i) ? this._indicatorsAt(i) : undefined;
  }

  forEach(callback: (bar: Bar, symbol: SymbolName, bars: ReadonlyMap<SymbolName, Bar>) => void, self?: unknown): void {
    for (const i of this._order) callback.call(self, this._barAt(i), this._symbolAt(i), this);
  }

  *keys(): Generator<SymbolName, undefined> {
    for (const i of this._order) yield this._symbolAt(i);
    return undefined;
  }

  *values(): Generator<Bar, undefined> {
    for (const i of this._order) yield this._barAt(i);
    return undefined;
  }

  *entries(): Generator<[SymbolName, Bar], undefined> {
    for (const i of this._order) yield [this._symbolAt(i), this._barAt(i)];
    return undefined;
  }

  [Symbol.iterator](): Generator<[SymbolName, Bar], undefined> {
    return this.entries();
  }

  private _isPresent(i: number): boolean {
    return i >= 0 && this._rows[i] !== ABSENT;
  }

  private _symbolAt(i: number): SymbolName {
    return this._terms.symbols[i] as SymbolName;
  }

  private _barAt(i: number): Bar {
    const bars = (this._bars ??= []);
    return (bars[i] ??= barAt(this._pages[i] as BarPage, this._rows[i] as number));
  }

  private _indicatorsAt(i: number): IndicatorRow {
    const rows = (this._indicators ??= []);
    return (rows[i] ??= this._fill(this._pages[i] as BarPage, this._rows[i] as number));
  }

  private _copy(i: number): void {
    this._barAt(i);
    this._indicatorsAt(i);
  }

  private _fill({ values }: BarPage, row: number): IndicatorRow {
    const { names, outputs } = this._terms;
    const filled: IndicatorRow = {};
    for (let k = 0; k < names.length; k++) {
      const column = values[k] as Float64Array;
      const parts = outputs[k];
      if (parts === null || parts === undefined) {
        filled[names[k] as string] = column[row];
        continue;
      }
      const group: Record<string, number> = {};
      for (let j = 0; j < parts.length; j++) group[parts[j] as string] = column[row * parts.length + j] as number;
      filled[names[k] as string] = group;
    }
    return filled;
  }
}

/** Gathers the bars of one instant as they come. */
export class SliceDraft {
  // What an empty draft holds: copied at every instant, which is cheaper than to be made.
  private readonly _noPages: readonly (BarPage | undefined)[];
  private readonly _noRows: readonly number[];
  private _pages: (BarPage | undefined)[] = [];
  private _rows: number[] = [];
  private _order: number[] = [];
  private _bars: (Bar | undefined)[] | null = null;

  constructor(private readonly _terms: SliceTerms) {
    this._noPages = _terms.symbols.map(() => undefined);
    this._noRows = _terms.symbols.map(() => ABSENT);
    this._clear();
  }

  get isEmpty(): boolean {
    return this._order.length === 0;
  }

  /** The bar at the line's cursor, with its object where there is one already. Of two bars of a symbol, of different timeframes, the later one counts. */
  add(line: BarLine, bar?: Bar): void {
    const i = line.index;
    if (this._rows[i] === ABSENT) this._order.push(i);
    this._rows[i] = line.row;
    this._pages[i] = line.page;
    if (bar !== undefined || this._bars !== null) (this._bars ??= [])[i] = bar;
  }

  has(i: number): boolean {
    return this._rows[i] !== ABSENT;
  }

  /** The instant is over: its bars, and an empty draft. */
  take(): SliceBars {
    const bars = new SliceBars(this._terms, this._pages, this._rows, this._order, this._bars);
    this._clear();
    return bars;
  }

  private _clear(): void {
    this._pages = this._noPages.slice();
    this._rows = this._noRows.slice();
    this._order = [];
    this._bars = null;
  }
}
