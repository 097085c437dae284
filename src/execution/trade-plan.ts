import type { FeeModel } from '../costs/fees.js';
import type { SlippageModel } from '../costs/slippage.js';
import type { Signal } from '../events/forecast.js';
import type { FundingRate } from '../events/market.js';
import type { Side } from '../events/order.js';
import type { Instrument } from '../market/instrument.js';
import { AMOUNT_SCALE, type Lots, type Units } from '../market/units.js';
import type { Sizer } from '../portfolio/sizing/sizer.js';
import { expectedHolding } from './barrier-exit.js';

const YEAR = 365 * 86_400_000;

/** By which rules signals become trades. */
export interface PlanRules {
  /** Distance of the stop-loss and of the take-profit from the entry, in standard deviations of the return over the horizon. */
  readonly stopMultiple: number;
  readonly targetMultiple: number;
  /** Largest notional ÷ equity of one plan. */
  readonly maxExposure: number;
  /** Confidence below which nothing is planned. */
  readonly minConfidence: number;
  readonly sizer: Sizer;
}

/** What the planner knows of the market and the account at the moment of the signal. */
export interface PlanView {
  /** Epoch ms. */
  readonly now: number;
  /** Length of one bar, ms. */
  readonly barMs: number;
  readonly instrument: Instrument;
  readonly units: Units;
  /** Last close, quote currency. */
  readonly price: number;
  /** The last bar, for slippage. */
  readonly bar: { readonly high: number; readonly low: number; readonly volume: number };
  /** Settlement asset. */
  readonly equity: number;
  readonly fees: FeeModel;
  readonly slippage: SlippageModel;
  /** Last settled rate, when funding counts and one is known. */
  readonly funding: FundingRate | null;
  /** What new entries are scaled by: 1 whole, 0 none. */
  readonly sizeFactor: number;
}

/** A trade that is worth making: where it is entered, where it ends for better or worse, how large it is and what it is expected to bring. */
export interface TradePlan {
  readonly side: Side;
  /** Last close; the entry is a market order and fills where the market is. Prices in quote currency. */
  readonly entry: number;
  readonly stopLoss: number;
  readonly takeProfit: number;
  readonly lots: Lots;
  /** Base units. */
  readonly quantity: number;
  /** Distance to the take-profit ÷ distance to the stop-loss. */
  readonly rewardToRisk: number;
  /** After all costs, quote currency. */
  readonly expectedValue: number;
  /** Epoch ms at which the position is closed if neither price was met. */
  readonly expiresAt: number;
}

/** Why no trade is planned: a stable code and a sentence with the figures. */
export interface PlanRefusal {
  readonly code: string;
  readonly text: string;
}

/** Whether the planner refused. */
export const isRefusal = (answer: TradePlan | PlanRefusal): answer is PlanRefusal => 'code' in answer;

const percent = (x: number): string => `${(x * 100).toFixed(3)} %`;

/** Why a forecast cannot be traded on, or null: numbers that are none, or out of their range. */
export const unfit = ({ symbol, confidence, riskScore, horizon, mean, sd }: Signal): PlanRefusal | null => {
  const isShare = (x: number): boolean => x >= 0 && x <= 1;
  if (
    isShare(confidence) &&
    isShare(riskScore) &&
    Number.isInteger(horizon) &&
    horizon > 0 &&
    Number.isFinite(mean) &&
    sd > 0 &&
    sd < Infinity
  )
    return null;
  const told = `confidence ${confidence}, risk score ${riskScore}, horizon ${horizon}, mean ${mean}, standard deviation ${sd}`;
  return { code: 'bad-forecast', text: `the signal in ${symbol} cannot be traded on: ${told}` };
};

/** Fees of entering and leaving as a taker and the slippage of both, quote currency, at the last price. */
const roundTrip = ({ price, bar, fees, slippage }: PlanView, quantity: number): number => {
  const fee = fees({ notional: quantity * price * AMOUNT_SCALE, liquidity: 'taker', first: true }) / AMOUNT_SCALE;
  return 2 * (fee + quantity * slippage({ price, quantity, ...bar }));
};

const HALVINGS = 40;

/**
 * The largest exposure up to `cap` that is still wanted at the costs of just that size, 0 for none: impact grows with size, so what is wanted shrinks as it is granted.
 */
const largestCarried = (wanted: (exposure: number) => number, cap: number): number => {
  if (wanted(cap) >= cap) return cap;
  let carried = 0;
  let refused = cap;
  for (let i = 0; i < HALVINGS; i++) {
    const middle = (carried + refused) / 2;
    if (wanted(middle) >= middle) carried = middle;
    else refused = middle;
  }
  return carried;
};

/**
 * From a signal to a trade. The entry is at the last close, the stop-loss and the take-profit at multiples of the forecast's standard deviation from it, rounded to ticks toward the
 * entry. The size is the sizer's × (1 − risk score) × the size factor at the costs of that very size, capped, in whole lots toward zero.
 *
 * The expected value takes the price for a Brownian motion with the forecast's mean and standard deviation over the horizon and ends the trade at the first of the two prices
 * or the horizon: mean × the share of the horizon that it is expected to be held (see `expectedHolding`), less the round trip as a taker by the run's fees and slippage, less funding at the
 * last settled rate for that time. Gaps through the stop are not in it; that a take-profit rests and pays a maker's fee is not either.
 *
 * Refused are `bad-forecast` (a number that is none or out of range), `low-confidence`, `too-wide` and `too-narrow` (a price that is not above nothing, or less than a tick away), `no-size`
 * (risk score or size factor leave nothing), `below-minimum` (less than a lot or the venue's minimum) and `no-edge` (nothing is left after costs).
 */
export const planTrade = (signal: Signal, view: PlanView, rules: PlanRules): TradePlan | PlanRefusal => {
  const { symbol, direction, confidence, riskScore, horizon, mean, sd } = signal;
  const { price, units: u, equity } = view;
  const wrong = unfit(signal);
  if (wrong) return wrong;
  if (direction === 'flat') return { code: 'bad-forecast', text: `a flat signal in ${symbol} opens nothing` };
  if (!(price > 0)) return { code: 'no-price', text: `${symbol} has no price yet` };
  if (!(equity > 0)) return { code: 'no-equity', text: `equity is ${equity}` };
  if (confidence < rules.minConfidence)
    return { code: 'low-confidence', text: `confidence ${confidence.toFixed(4)} in ${symbol} is below ${rules.minConfidence}` };

  const sign = direction === 'long' ? 1 : -1;
  const away = (share: number): number => price * (1 + sign * share);
  const isLong = sign > 0;
  const stopTicks = isLong ? u.ticksUp(away(-rules.stopMultiple * sd)) : u.ticksDown(away(-rules.stopMultiple * sd));
  const targetTicks = isLong ? u.ticksDown(away(rules.targetMultiple * sd)) : u.ticksUp(away(rules.targetMultiple * sd));
  if (stopTicks < 1 || targetTicks < 1)
    return { code: 'too-wide', text: `a standard deviation of ${percent(sd)} leaves no price above nothing for an exit in ${symbol}` };
  const stopLoss = u.price(stopTicks);
  const takeProfit = u.price(targetTicks);
  const risk = (sign * (price - stopLoss)) / price;
  const reward = (sign * (takeProfit - price)) / price;
  // Half a tick: what is nearer than that is the entry itself.
  const least = u.tickSize / 2 / price;
  if (!(risk > least && reward > least))
    return {
      code: 'too-narrow',
      text: `a standard deviation of ${percent(sd)} puts an exit in ${symbol} less than a tick of ${u.tickSize} away`,
    };

  const held = expectedHolding((sign * mean) / sd, risk / sd, reward / sd);
  const { funding } = view;
  const span = horizon * view.barMs;
  const carry = funding === null || !(funding.interval > 0) ? 0 : (sign * funding.rate * held * span) / funding.interval;
  const drift = sign * mean * held;
  const scale = (1 - riskScore) * view.sizeFactor;
  if (!(scale > 0))
    return { code: 'no-size', text: `risk score ${riskScore} and size factor ${view.sizeFactor} leave nothing of a position in ${symbol}` };
  /** What the sizer wants when the trade costs what a position of this exposure costs. */
  const wanted = (exposure: number): number => {
    const costs = roundTrip(view, (exposure * equity) / price) / (exposure * equity);
    const burden = costs + Math.max(0, carry);
    return (
      scale *
      rules.sizer({
        confidence,
        gain: reward - burden,
        loss: risk + burden,
        mean: drift - carry - costs,
        variance: sd * sd * held,
        sd,
        years: span / YEAR,
      })
    );
  };
  const exposure = largestCarried(wanted, rules.maxExposure);
  const forecast = `${percent(sign * mean)} over ${horizon} bars, of which ${percent(drift)} before a stop ${percent(risk)} and a target ${percent(reward)} away`;
  if (exposure === 0)
    return {
      code: 'no-edge',
      text: `${symbol} is expected to bring ${forecast}; at confidence ${confidence.toFixed(4)} no size is worth its costs`,
    };
  const lots = u.lots((exposure * equity) / price);
  const quantity = u.quantity(lots);
  const value = quantity * price;
  if (lots === 0 || value < view.instrument.minNotional)
    return {
      code: 'below-minimum',
      text: `a position of ${value.toFixed(2)} in ${symbol} is below a lot of ${u.lotSize} or the venue's minimum of ${view.instrument.minNotional}`,
    };
  const cost = roundTrip(view, quantity) + value * carry;
  const expectedValue = value * drift - cost;
  if (!(expectedValue > 0))
    return {
      code: 'no-edge',
      text: `${symbol} is expected to bring ${forecast}: ${(value * drift).toFixed(2)} on ${value.toFixed(2)}, and to cost ${cost.toFixed(2)}`,
    };
  return {
    side: isLong ? 'buy' : 'sell',
    entry: price,
    stopLoss,
    takeProfit,
    lots,
    quantity,
    rewardToRisk: reward / risk,
    expectedValue,
    expiresAt: view.now + span,
  };
};
