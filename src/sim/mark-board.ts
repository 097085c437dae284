import type { Chunk } from '../events/market.js';
import { MarkSeries } from './mark-series.js';
import type { Market } from './matching/market.js';

/** The mark prices of all symbols, by symbol index, and the next one that somebody has to look at. */
export class MarkBoard {
  nextAt = Infinity;
  /** Symbol of that one. */
  index = -1;
  private readonly _series: readonly MarkSeries[];

  constructor(private readonly _markets: readonly Market[]) {
    this._series = _markets.map(() => new MarkSeries());
  }

  append(i: number, chunk: Chunk, now: number): void {
    this._series[i]!.append(chunk, now);
    this.plan(now);
  }

  /** Latest mark price at `now`, quote currency; NaN before the first. */
  priceAt(i: number, now: number): number {
    return this._series[i]!.priceAt(now);
  }

  /** Stop at the first price of a symbol at or beyond these. */
  watch(i: number, below: number, above: number, now: number): void {
    this._series[i]!.watch(below, above, now);
    this.plan(now);
  }

  /** A symbol's price of `now` has been looked at. */
  passed(i: number, now: number): void {
    this._series[i]!.passed(now);
    this.plan(now);
  }

  /** Orders came or went: which price matters next? */
  plan(now: number): void {
    this.nextAt = Infinity;
    for (let i = 0; i < this._series.length; i++) {
      const series = this._series[i]!;
      series.each(this._markets[i]!.watchesMark, now);
      if (series.nextAt < this.nextAt) {
        this.nextAt = series.nextAt;
        this.index = i;
      }
    }
  }
}
