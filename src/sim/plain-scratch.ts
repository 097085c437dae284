import { fingerprintText } from '../journal/target-fingerprint.js';
import type { OutcomeColumns } from '../metrics/outcome-columns.js';
import { PlainRecord } from './plain-record.js';

/**
 * Memory that plain runs of a search use one after the other: what a run writes on each bar is megabytes, and new megabytes for each cost more than writing them. A result is good until the next run with the same scratch begins; its lists of objects throw
 * from then on, and its columns are overwritten.
 */
export class PlainScratch {
  readonly record = new PlainRecord();
  readonly text = fingerprintText();
  equity = new Float64Array(0);
  exposure = new Float64Array(0);
  gross = new Float64Array(0);
  /** Runs so far. */
  runs = 0;
  /** Columns of the last run's outcome; null when the engine had to play it. */
  outcome: OutcomeColumns | null = null;

  /** When the bars of the last run's curve closed, and what that was made of. Never written again: runs over the same bars have it in common. */
  private _closes: {
    readonly ts: Float64Array;
    readonly first: number;
    readonly points: number;
    readonly barMs: number;
    readonly closes: Float64Array;
  } | null = null;

  /** Closes of so many bars from the row `first` on. */
  closes(ts: Float64Array, first: number, points: number, barMs: number): Float64Array {
    const known = this._closes;
    if (known?.ts === ts && known.first === first && known.points === points && known.barMs === barMs) return known.closes;
    const closes = new Float64Array(points);
    for (let i = 0; i < points; i++) closes[i] = (ts[first + i] as number) + barMs;
    this._closes = { ts, first, points, barMs, closes };
    return closes;
  }

  /** Begin a run with up to so many points on its curve. */
  begin(points: number): void {
    this.runs++;
    this.outcome = null;
    this.record.clear();
    this.text.take();
    if (this.equity.length >= points) return;
    this.equity = new Float64Array(points);
    this.exposure = new Float64Array(points);
    this.gross = new Float64Array(points);
  }
}
