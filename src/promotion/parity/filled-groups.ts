import type { Fact } from '../../events/fact.js';
import type { Instrument } from '../../market/instrument.js';
import { CLOSE_ALL } from '../../events/order.js';
import { AMOUNT_SCALE, units, type Amount, type Lots, type Units } from '../../market/units.js';
import type { Decision, Decisions } from './decisions.js';

/** What filled of one decision: of a target all of it, of anything else one side. */
export interface FilledGroup {
  /** The same in session and backtest. */
  readonly key: string;
  /** Null for what no decision asked for: a liquidation, a trade by hand, an adopted position. */
  readonly decision: Decision | null;
  /** Close of the bar before its decision; of the bar before the fill where there is none. */
  readonly ts: number;
  readonly symbol: string;
  readonly orderId: string;
  /** First and last fill. */
  readonly at: number;
  readonly last: number;
  readonly lots: Lots;
  /** Signed value at the prices paid, and at the market's own prices at the fills; NaN where the market's are not known. */
  readonly value: Amount;
  readonly market: Amount;
  readonly fee: Amount;
  /** Whether all of it took, made, or some of both. */
  readonly liquidity: 'maker' | 'taker' | 'both';
  /** Lots of the orders behind it, signed. */
  readonly ordered: Lots;
  /** Fills, and their notional without sign. */
  readonly fills: number;
  readonly notional: Amount;
  /** One word for what did it where no decision did. */
  readonly external: string | null;
}

/** The market's own price of a symbol at a moment, quote currency; NaN where it is not known. */
export type MarketPrice = (symbol: string, ts: number) => number;

/** What an instrument's lot is worth at a price in amounts: price for linear contracts, minus one by price for inverse ones, in their units. */
export const lotValue = (u: Units, price: number): number => (u.inverse ? -1 : 1) * u.notionalOf(u.quantity(1), price) * AMOUNT_SCALE;

/** The units of each instrument. */
export const unitsBySymbol = (instruments: readonly Instrument[]): ReadonlyMap<string, Units> =>
  new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));

type Draft = { -readonly [K in keyof FilledGroup]: FilledGroup[K] };

interface Booked {
  readonly key: string;
  readonly decision: Decision | null;
  readonly symbol: string;
  readonly orderId: string;
  readonly ts: number;
  readonly lots: Lots;
  readonly ticks: number;
  readonly fee: Amount;
  readonly market: Amount;
  readonly liquidity: 'maker' | 'taker';
  readonly external: string | null;
}

/**
 * Fills of a stream by the decision behind them. `market` null: the market's price is what the fill says it cost less its slippage, as simulated venues do; otherwise it is asked for.
 */
export const filledGroups = (
  facts: readonly Fact[],
  decisions: Decisions,
  instruments: readonly Instrument[],
  barMs: number,
  market: MarketPrice | null,
): ReadonlyMap<string, FilledGroup> => {
  const unitsOf = unitsBySymbol(instruments);
  const orders = new Map<string, Decision>();
  const ordered = new Map<string, Lots>();
  const groups = new Map<string, Draft>();
  const byOrder = new Map<string, Draft>();

  const keyOf = (decision: Decision | null, ts: number, symbol: string, lots: Lots, leg: string | undefined): string => {
    const side = `${lots > 0 ? 'buy' : 'sell'}${leg === undefined ? '' : ` ${leg}`}`;
    if (decision === null) return `${Math.floor(ts / barMs) * barMs}|${symbol}|other|${side}`;
    return decision.kind === 'target' ? decision.key : `${decision.key}|${side}`;
  };
  const book = ({ key, decision, symbol, orderId, ts, lots, ticks, fee, market: atMarket, liquidity, external }: Booked): void => {
    const u = unitsOf.get(symbol);
    if (u === undefined || lots === 0) return;
    const value = u.value(ticks, lots);
    const group = groups.get(key) ?? {
      key,
      decision,
      ts: decision?.ts ?? Math.floor(ts / barMs) * barMs,
      symbol,
      orderId,
      at: ts,
      last: ts,
      lots: 0,
      value: 0,
      market: 0,
      fee: 0,
      liquidity,
      ordered: ordered.get(key) ?? 0,
      fills: 0,
      notional: 0,
      external,
    };
    group.at = Math.min(group.at, ts);
    group.last = Math.max(group.last, ts);
    group.lots += lots;
    group.value += value;
    group.market += atMarket;
    group.fee += fee;
    if (group.liquidity !== liquidity) group.liquidity = 'both';
    group.fills++;
    group.notional += Math.abs(value);
    groups.set(key, group);
    byOrder.set(orderId, group);
  };
  const marketValue = (u: Units, symbol: string, ts: number, lots: Lots): number =>
    market === null ? NaN : lots * lotValue(u, market(symbol, ts));

  for (const fact of facts)
    switch (fact.type) {
      case 'OrderApproved': {
        const decision = decisions.bySeq.get(fact.correlationId);
        if (decision === undefined) continue;
        const { orderId, side, symbol, lots, positionSide } = fact.ticket;
        orders.set(orderId, decision);
        if (lots === CLOSE_ALL) continue;
        const signed = side === 'buy' ? lots : -lots;
        const key = keyOf(decision, fact.ts, symbol, signed, positionSide);
        ordered.set(key, (ordered.get(key) ?? 0) + signed);
        continue;
      }
      case 'OrderFilled': {
        const { orderId, symbol, ts, fee, liquidity, slippage, positionSide } = fact;
        const u = unitsOf.get(symbol);
        if (u === undefined) continue;
        const lots = fact.side === 'buy' ? fact.lots : -fact.lots;
        const decision = orders.get(orderId) ?? null;
        const atMarket = market === null ? u.value(fact.price, lots) - slippage : marketValue(u, symbol, ts, lots);
        const key = keyOf(decision, ts, symbol, lots, positionSide);
        const external = decision === null ? orderId.replace(/[-.]?\d+$/, '') : null;
        book({ key, decision, symbol, orderId, ts, lots, ticks: fact.price, fee, market: atMarket, liquidity, external });
        continue;
      }
      case 'PositionLiquidated': {
        const group = byOrder.get(fact.orderId);
        if (group !== undefined) group.fee += fact.fee - fact.insurance;
        continue;
      }
      case 'ExternalFilled':
      case 'PositionAdopted': {
        const { symbol, ts, seq } = fact;
        const u = unitsOf.get(symbol);
        if (u === undefined) continue;
        const isFill = fact.type === 'ExternalFilled';
        const lots = isFill ? (fact.side === 'buy' ? fact.lots : -fact.lots) : fact.after - fact.before;
        book({
          key: `${symbol}|external|${seq}`,
          decision: null,
          symbol,
          orderId: isFill ? `${fact.cause}-${fact.execution}` : `adopted-${seq}`,
          ts,
          lots,
          ticks: fact.price,
          fee: isFill ? fact.fee : 0,
          market: market === null ? u.value(fact.price, lots) : marketValue(u, symbol, ts, lots),
          liquidity: 'taker',
          external: isFill ? fact.cause : fact.code,
        });
        continue;
      }
      default:
        continue;
    }
  return groups;
};
