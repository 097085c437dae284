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
  #capacity: number;
  #length = 0;
  #ts: Float64Array;
  #equity: Float64Array;
  #exposure: Float64Array;
  #gross: Float64Array;

  /** `expected` points are held without growing; symbols whose bars differ in time may need more. */
  constructor(expected = 4096) {
    this.#capacity = Math.max(16, expected);
    this.#ts = new Float64Array(this.#capacity);
    this.#equity = new Float64Array(this.#capacity);
    this.#exposure = new Float64Array(this.#capacity);
    this.#gross = new Float64Array(this.#capacity);
  }

  push(ts: number, equity: number, exposure: number, gross: number): void {
    if (this.#length === this.#capacity) this.#grow();
    const i = this.#length++;
    this.#ts[i] = ts;
    this.#equity[i] = equity;
    this.#exposure[i] = exposure;
    this.#gross[i] = gross;
  }

  /** Points so far. */
  get length(): number {
    return this.#length;
  }

  /** Mark the last point anew: answers that were on their way when the data ended have come in. */
  amend(equity: number, exposure: number, gross: number): void {
    const i = this.#length - 1;
    this.#equity[i] = equity;
    this.#exposure[i] = exposure;
    this.#gross[i] = gross;
  }

  #grow(): void {
    this.#capacity *= 2;
    const grown = (column: Float64Array): Float64Array<ArrayBuffer> => {
      const larger = new Float64Array(this.#capacity);
      larger.set(column);
      return larger;
    };
    this.#ts = grown(this.#ts);
    this.#equity = grown(this.#equity);
    this.#exposure = grown(this.#exposure);
    this.#gross = grown(this.#gross);
  }

  /** The points so far; views, not copies. */
  curve(): EquityCurve {
    const n = this.#length;
    return {
      length: n,
      ts: this.#ts.subarray(0, n),
      equity: this.#equity.subarray(0, n),
      exposure: this.#exposure.subarray(0, n),
      gross: this.#gross.subarray(0, n),
    };
  }
}
