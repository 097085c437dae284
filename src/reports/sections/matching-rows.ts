import { span } from '../number-text.js';
import type { ComparedRun } from '../comparison.js';
import { depthText, markoutText } from './fills.js';

/** Adverse selection over one horizon: basis points, their standard error, and both as text. */
interface MarkoutCell {
  readonly horizon: string;
  readonly bps: number;
  readonly error: number;
  readonly text: string;
}

/** One run's fills in a comparison. Money in the settlement asset. */
export interface MatchingRow {
  readonly run: string;
  readonly runId: string;
  readonly kind: 'bars' | 'trades' | 'book';
  readonly depth: string;
  readonly maker: number;
  readonly taker: number;
  readonly notional: number;
  readonly fees: number;
  readonly pnl: number;
  /** Net PnL ÷ notional traded, basis points; NaN without fills. Runs that trade more or less are told apart by it, not by `pnl`. */
  readonly pnlBps: number;
  /** Of all maker fills of the first symbol, weighted by notional; empty where it is not known. */
  readonly markouts: readonly MarkoutCell[];
}

/** How each run's orders were filled; empty when no run recorded it. */
export const matchingRows = (runs: readonly ComparedRun[]): MatchingRow[] =>
  runs.flatMap(({ name, runId, matching, outcome }) => {
    if (!matching) return [];
    const { quality, fills } = matching;
    const { curve, initialCapital } = outcome;
    const pnl = (curve.equity[curve.length - 1] ?? initialCapital) - initialCapital;
    const notional = quality.maker.notional + quality.taker.notional;
    // Runs that are compared by their fills trade one symbol as a rule; the first is shown for the others.
    const [marks = []] = Object.values(quality.markouts ?? {});
    return [
      {
        run: name,
        runId,
        kind: fills.kind,
        depth: depthText(fills),
        maker: quality.maker.fills,
        taker: quality.taker.fills,
        notional,
        fees: quality.maker.fees + quality.taker.fees,
        pnl,
        pnlBps: (1e4 * pnl) / notional,
        markouts: marks.map(mark => ({ horizon: span(mark.horizonMs), bps: mark.bps, error: mark.error, text: markoutText(mark) })),
      },
    ];
  });
