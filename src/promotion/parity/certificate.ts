/** Where a gap between a session and its backtest comes from. */
export const GAP_CAUSES = ['data', 'rejected', 'latency', 'fillPrice', 'fees', 'funding', 'unexplained'] as const;
export type GapCause = (typeof GAP_CAUSES)[number];

/** One decision of the window that filled in either: how it went in both. Prices are averages in quote currency, quantities in base units signed by side, money in the settlement asset, times those of the first fill. */
export interface ParityPair {
  /** Close of the bar on which it was decided, epoch ms. */
  readonly ts: number;
  readonly symbol: string;
  readonly session: {
    readonly orderId: string;
    readonly quantity: number;
    readonly price: number;
    readonly fee: number;
    readonly at: number;
  } | null;
  readonly backtest: { readonly quantity: number; readonly price: number; readonly fee: number; readonly at: number } | null;
  /** What it cost the session more than the backtest (negative: less), by cause, with what a difference in quantity earned until the end of the window. */
  readonly gap: Readonly<Record<GapCause, number>>;
}

/** A decision that is not the same in both, or whose order went otherwise, and why. Null is what was not decided. */
export interface DecisionDifference {
  /** Close of the bar. */
  readonly ts: number;
  readonly symbol: string;
  readonly kind: 'target' | 'order' | 'execution' | 'signal';
  readonly session: string | null;
  readonly backtest: string | null;
  /** `unexplained` where nothing that is known explains it. */
  readonly why: string;
}

/** A settlement of funding that differs. Amounts are received; the gap is profit of the session less that of the backtest. */
export interface ParitySettlement {
  readonly ts: number;
  readonly symbol: string;
  readonly session: number;
  readonly backtest: number;
  readonly gap: Readonly<Record<GapCause, number>>;
}

/**
 * How a recorded session differs from a backtest of the same strategy over the same time: `live/<account>/parity/<from>-<to>-<strategy>.json`. Gaps are profit of the session less profit of the backtest, both marked
 * at the same prices, and the causes add up to it exactly, in units of 1e-8: gap of `pairs` (with the sign turned), of `settlements`, `carried`
 * and what lies between the backtests on the capture and on the reference (data).
 */
export interface ParityCertificate {
  readonly version: 1;
  readonly account: string;
  readonly venue: string;
  readonly practice: boolean;
  readonly mode: 'paper' | 'live';
  readonly strategy: string;
  /** Of the code that both ran. */
  readonly bundle: string;
  readonly promotion: string | null;
  /** SHA-256 of the session's manifest. */
  readonly manifest: string;
  /** Market time, epoch ms. */
  readonly from: number;
  readonly to: number;
  /** What the backtest was made on: the session's own capture, and the reference dataset where one was named. */
  readonly capture: { readonly dataset: string; readonly version: string } | null;
  readonly reference: { readonly dataset: string; readonly version: string } | null;
  readonly decisions: { readonly all: number; readonly equal: number; readonly explained: number; readonly unexplained: number };
  readonly fills: { readonly session: number; readonly backtest: number; readonly paired: number };
  /** Traded notional of the session. */
  readonly turnover: number;
  readonly profit: { readonly session: number; readonly backtest: number };
  /** `bps` is the gap without what was carried in from before the window, of the turnover; null where nothing was traded. */
  readonly gap: { readonly total: number; readonly bps: number | null; readonly causes: Readonly<Record<GapCause, number>> };
  /** The part of the gap that differences in position from before the window made within it, by cause. */
  readonly carried: Readonly<Record<GapCause, number>>;
  /** Every fill of either, ascending in time. */
  readonly pairs: readonly ParityPair[];
  readonly settlements: readonly ParitySettlement[];
  readonly differences: readonly DecisionDifference[];
  /** Profit since `from` at bar closes, a few hundred at most. */
  readonly curve: readonly { readonly ts: number; readonly session: number; readonly backtest: number }[];
  /** Whether any of the market data was generated. */
  readonly synthetic: boolean;
  /** What the attribution takes for granted, and what it cannot tell, a sentence each. */
  readonly assumed: readonly string[];
  readonly tolerance: { readonly bps: number; readonly unexplained: number };
  readonly passed: boolean;
  readonly sentence: string;
}
