import { causeIndex, noAmounts, type CauseAmounts } from './cause-amounts.js';
import type { FilledGroup } from './filled-groups.js';

/** What a pair of fills comes to before its place in time is looked at, in amounts. */
export interface PriceGap {
  /** Profit of the session less that of the backtest at the session's quantity, by cause. */
  readonly direct: CauseAmounts;
  /** What a lot costs beyond the market's price: slippage and fee, as the backtest charges it; the session's where the backtest did not trade. Signed as the lots are. */
  readonly costPerLot: number;
  /** Value of a lot at the market's price when the quantity was taken. */
  readonly marketLot: number;
}

/** Value at the market of a group whose slippage is not known apart from its price. */
const atMarket = ({ market, value }: FilledGroup): number => (Number.isNaN(market) ? value : market);

/** One of both traded: what it cost goes with its quantity. What bought and sold as much comes to a price. */
const alone = (session: FilledGroup | null, backtest: FilledGroup | null): PriceGap => {
  const direct = noAmounts();
  const price = causeIndex('fillPrice');
  if (session?.lots === 0) direct[price]! -= session.value + session.fee;
  if (backtest?.lots === 0) direct[price]! += backtest.value + backtest.fee;
  const group = session !== null && session.lots !== 0 ? session : backtest;
  if (group === null || group.lots === 0) return { direct, costPerLot: 0, marketLot: 0 };
  const market = atMarket(group);
  return { direct, costPerLot: (group.value - market + group.fee) / group.lots, marketLot: market / group.lots };
};

/**
 * How the session's fills differ in price and fee from the backtest's, per lot, at the session's quantity: what the market had moved between the two moments is latency, the rest of the price is the fill's. For
 * passive fills the market's price says nothing of the kind, so all of it is the fill's, but where one had to take and the other could wait on a simulated venue: there only the moment of arrival decides that.
 */
export const priceGap = (session: FilledGroup | null, backtest: FilledGroup | null, isSimulated: boolean): PriceGap => {
  if (session === null || backtest === null || session.lots === 0 || backtest.lots === 0) return alone(session, backtest);
  const direct = noAmounts();
  const ratio = session.lots / backtest.lots;
  const isTold = !Number.isNaN(session.market) && !Number.isNaN(backtest.market);
  const bothTook = session.liquidity === 'taker' && backtest.liquidity === 'taker';
  const isSplit = isTold && (bothTook || (isSimulated && session.liquidity !== backtest.liquidity));
  const theirs = isSplit ? backtest.market : backtest.value;
  const ours = isSplit ? session.market : theirs * ratio;
  direct[causeIndex('latency')] = -(ours - theirs * ratio);
  const slip = session.value - ours;
  if (ratio > 0) {
    direct[causeIndex('fillPrice')] = -(slip - (backtest.value - theirs) * ratio);
    direct[causeIndex('fees')] = -(session.fee - backtest.fee * ratio);
    return { direct, costPerLot: (backtest.value - theirs + backtest.fee) / backtest.lots, marketLot: theirs / backtest.lots };
  }
  // They traded against each other: neither cost is that of the other, both go with the quantity.
  const both = slip + session.fee - (backtest.value - theirs + backtest.fee);
  return { direct, costPerLot: both / (session.lots - backtest.lots), marketLot: theirs / backtest.lots };
};
