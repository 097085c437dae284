import { AMOUNT_SCALE, type Amount } from '../market/units.js';

/** What a fee depends on. `first` is true for the first fill of its order. */
export interface FeeBasis {
  /** Positive. */
  readonly notional: Amount;
  readonly liquidity: 'maker' | 'taker';
  readonly first: boolean;
  /** Epoch ms of the fill, for fees that depend on it. */
  readonly ts?: number;
  /** Value traded in quote currency, where that is not what `notional` counts (inverse contracts). */
  readonly volume?: number;
}

/** Fee of one fill, in amount units before rounding; negative is a rebate. The ledger rounds it half away from zero. Asking changes nothing. */
export interface FeeModel {
  (basis: FeeBasis): number;
  /** To be told of each fill that was booked, after its fee, where later fees depend on what was traded. */
  booked?(basis: FeeBasis): void;
}

/** A fraction of notional: `maker` when the order rested, `taker` when it crossed. Flatters strategies whose volume would not earn the tier. */
export const makerTaker =
  (rate: { maker: number; taker: number }): FeeModel =>
  ({ notional, liquidity }) =>
    notional * (liquidity === 'maker' ? rate.maker : rate.taker);

/** A fixed sum per order, charged with its first fill, plus a fraction of notional: how equity brokers charge. */
export const perOrder =
  ({ fixed, rate }: { fixed: number; rate: number }): FeeModel =>
  ({ notional, first }) =>
    (first ? fixed * AMOUNT_SCALE : 0) + notional * rate;
