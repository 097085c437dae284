/**
 * Equity over time, one point per instant that has a bar, by column. `equity` = cash + unrealised PnL at the last close, in the settlement
 * asset. `exposure` = Σ signed notional ÷ equity, `gross` = Σ |notional| ÷ equity, both at that instant.
 */
export interface EquityCurve {
  readonly length: number;
  readonly ts: Float64Array;
  readonly equity: Float64Array;
  readonly exposure: Float64Array;
  readonly gross: Float64Array;
}

/** An equity curve under construction: columns that double when full, so that a bar costs no allocation. */
export class EquityRecorder {
  private _capacity: number;
  private _length = 0;
  private _ts: Float64Array;
  private _equity: Float64Array;
  private _exposure: Float64Array;
  private _gross: Float64Array;

  /** `expected` points are held without growing; symbols whose bars differ in time may need more. */
  constructor(expected = 4096) {
    this._capacity = Math.max(16, expected);
    this._ts = new Float64Array(this._capacity);
    this._equity = new Float64Array(this._capacity);
    this._exposure = new Float64Array(this._capacity);
    this._gross = new Float64Array(this._capacity);
  }

  push(ts: number, equity: number, exposure: number, gross: number): void {
    if (this._length === this._capacity) this._grow();
    const i = this._length++;
    this._ts[i] = ts;
    this._equity[i] = equity;
    this._exposure[i] = exposure;
    this._gross[i] = gross;
  }

  /** Points so far. */
  get length(): number {
    return this._length;
  }

  /** Mark the last point anew: answers that were on their way when the data ended have come in. */
  amend(equity: number, exposure: number, gross: number): void {
    const i = this._length - 1;
    this._equity[i] = equity;
    this._exposure[i] = exposure;
    this._gross[i] = gross;
  }

  private _grow(): void {
    this._capacity *= 2;
    const grown = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(this._capacity);
      larger.set(column);
      return larger;
    };
    this._ts = grown(this._ts);
    this._equity = grown(this._equity);
    this._exposure = grown(this._exposure);
    this._gross = grown(this._gross);
  }

  /** The points so far; views, not copies. */
  curve(): EquityCurve {
    const n = this._length;
    return {
      length: n,
      ts: this._ts.subarray(0, n),
      equity: this._equity.subarray(0, n),
      exposure: this._exposure.subarray(0, n),
      gross: this._gross.subarray(0, n),
    };
  }
}
