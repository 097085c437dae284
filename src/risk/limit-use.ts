import { maintenanceOf, type MarginTier } from '../market/margin-tiers.js';
import type { Symbol } from '../market/instrument.js';
import { effectiveLimit, LIMIT_NAMES, type LimitValue } from './change-limits.js';
import { largestGroup } from './correlated-exposure.js';
import { LIMIT_DEFAULTS, type RiskLimits } from './limits.js';
import { symbolOfPosition } from './position-name.js';
import { furthestNotional, leastNotional, worstNotional, type RiskView } from './risk-check.js';

/** What is used of one limit now, by the same figures that the checks judge a ticket by: orders at work count as far as they can lead. */
export interface LimitUse {
  readonly name: keyof RiskLimits;
  readonly unit: LimitUnit;
  readonly limit: LimitValue;
  /** Null where the limit is about a single order, is a setting of another limit, or nothing is known yet. */
  readonly used: number | null;
  /** used ÷ limit; limit ÷ used where it is the least that must be left. Null without both. */
  readonly use: number | null;
  /** The symbol, or symbols, that the number is about; null where it is about all. */
  readonly of: string | null;
}

export type LimitUnit = 'fraction' | 'multiple' | 'money' | 'count' | 'ms' | 'bars' | 'bp' | 'flag';

/** What has been watched over time, and what no view shows. */
export interface WatchedFigures {
  /** Fall of equity from its peak, and from the day's opening, as fractions; negative for a gain. NaN before the first mark. */
  readonly drawdown: number;
  readonly dailyLoss: number;
  /** Losing round trips in a row. */
  readonly streak: number;
  readonly requests: number;
  /** Age of a symbol's latest price in bars, its volatility per year and its spread in bp; NaN where not known. */
  readonly ageOf: (symbol: Symbol) => number;
  readonly volatilityOf: (symbol: Symbol) => number;
  readonly spreadOf: (symbol: Symbol) => number;
  readonly correlation: (a: Symbol, b: Symbol) => number;
  readonly tiersOf: (symbol: Symbol) => readonly MarginTier[];
}

interface Used {
  readonly used: number;
  readonly of?: string;
}

/** The largest of a figure over positions, and whose it is; NaN counts for nothing. */
const largest = (view: RiskView, figure: (name: string) => number): Used => {
  let most: Used = { used: 0 };
  for (const name of view.symbols) {
    const used = figure(name);
    if (used > most.used) most = { used, of: name };
  }
  return most;
};

/** The same over symbols; NaN when none is known. */
const largestKnown = (view: RiskView, figure: (symbol: Symbol) => number): Used => {
  let most: Used = { used: NaN };
  for (const symbol of new Set(view.symbols.map(symbolOfPosition))) {
    const used = figure(symbol);
    if (used > most.used || (Number.isNaN(most.used) && !Number.isNaN(used))) most = { used, of: symbol };
  }
  return most;
};

/** Gross notional over all symbols as far as orders at work can lead, in money. */
export const grossUsed = (view: RiskView): number => view.symbols.reduce((gross, name) => gross + worstNotional(name, view), 0);

/** |Longs − shorts| as far as the orders of one side can lead, in money. */
export const netUsed = (view: RiskView): number => {
  let longest = 0;
  let shortest = 0;
  for (const name of view.symbols) {
    longest += furthestNotional(name, 'buy', view);
    shortest += furthestNotional(name, 'sell', view);
  }
  return Math.max(longest, -shortest, 0);
};

/** Share of the gross notional of the symbol that has most of it, among those that are larger than `from` times equity; NaN where none is. */
export const concentrationUsed = (view: RiskView, from: number): Used => {
  let most: Used = { used: NaN };
  for (const name of view.symbols) {
    const own = worstNotional(name, view);
    if (!(own > from * view.equity)) continue;
    let gross = own;
    for (const other of view.symbols) if (other !== name) gross += leastNotional(other, view);
    if (!(own / gross <= most.used)) most = { used: own / gross, of: name };
  }
  return most;
};

/** Adverse move of every position at once that is left before liquidation; Infinity where nothing is held. */
export const marginDistanceLeft = (view: RiskView, tiersOf: WatchedFigures['tiersOf']): number => {
  let gross = 0;
  let maintenance = 0;
  for (const name of view.symbols) {
    const notional = worstNotional(name, view);
    gross += notional;
    maintenance += maintenanceOf(tiersOf(symbolOfPosition(name)), notional);
  }
  return gross === 0 ? Infinity : (view.equity - maintenance) / gross;
};

const NOTHING: Used = { used: NaN };

/** Money ÷ equity. Where equity is gone no figure of something says how much is used: Infinity, and never a negative share. */
const ofEquity = (money: number, { equity }: RiskView): number =>
  equity > 0 || Number.isNaN(equity) ? money / equity : money > 0 ? Infinity : 0;

/** Unit of each limit, and what is used of it. */
const LIMITS: Readonly<
  Record<
    keyof RiskLimits,
    { readonly unit: LimitUnit; readonly used?: (view: RiskView, watched: WatchedFigures, limits: RiskLimits) => Used }
  >
> = {
  maxOrderNotional: { unit: 'money' },
  maxLeverage: { unit: 'multiple', used: view => ({ used: ofEquity(grossUsed(view), view) }) },
  maxExposure: { unit: 'fraction', used: view => largest(view, name => ofEquity(worstNotional(name, view), view)) },
  priceCollar: { unit: 'fraction' },
  maxDrawdown: { unit: 'fraction', used: (_, { drawdown }) => ({ used: Math.max(0, drawdown) }) },
  maxPosition: { unit: 'money', used: view => largest(view, name => worstNotional(name, view)) },
  maxGross: { unit: 'money', used: view => ({ used: grossUsed(view) }) },
  maxNet: { unit: 'fraction', used: view => ({ used: ofEquity(netUsed(view), view) }) },
  maxConcentration: {
    unit: 'fraction',
    used: (view, _, limits) => concentrationUsed(view, limits.concentrationFrom ?? LIMIT_DEFAULTS.concentrationFrom),
  },
  concentrationFrom: { unit: 'fraction' },
  maxCorrelated: {
    unit: 'fraction',
    used: (view, { correlation }, limits) => {
      const { side, group } = largestGroup(view, { at: limits.correlationAt ?? LIMIT_DEFAULTS.correlationAt, correlation });
      return { used: ofEquity(side, view), ...(group.length > 0 && { of: group.join(', ') }) };
    },
  },
  correlationAt: { unit: 'fraction' },
  correlationWindow: { unit: 'bars' },
  maxOrderRate: { unit: 'count', used: (_, { requests }) => ({ used: requests }) },
  rateWindow: { unit: 'ms' },
  maxOpenOrders: { unit: 'count', used: view => ({ used: view.openOrders ?? 0 }) },
  maxDailyLoss: { unit: 'fraction', used: (_, { dailyLoss }) => ({ used: Math.max(0, dailyLoss) }) },
  dailyLossHalts: { unit: 'flag' },
  pauseAfterLosses: { unit: 'count', used: (_, { streak }) => ({ used: streak }) },
  lossPause: { unit: 'ms' },
  maxVolatility: { unit: 'fraction', used: (view, { volatilityOf }) => largestKnown(view, volatilityOf) },
  volatilityWindow: { unit: 'bars' },
  maxSpread: { unit: 'bp', used: (view, { spreadOf }) => largestKnown(view, spreadOf) },
  maxDataAge: { unit: 'bars', used: (view, { ageOf }) => largestKnown(view, ageOf) },
  minMarginDistance: { unit: 'fraction', used: (view, { tiersOf }) => ({ used: marginDistanceLeft(view, tiersOf) }) },
  haltFlattens: { unit: 'flag' },
};

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

const useOf = (name: keyof RiskLimits, limit: LimitValue, used: number): number | null => {
  if (typeof limit !== 'number' || Number.isNaN(used)) return null;
  if (name === 'minMarginDistance') return used > 0 ? limit / used : null;
  return finite(used / limit);
};

/** Every limit with what is used of it. `view` is the account, or a strategy's part of it. */
export const limitUses = (limits: RiskLimits, view: RiskView, watched: WatchedFigures): readonly LimitUse[] =>
  LIMIT_NAMES.map(name => {
    const { unit, used: measure } = LIMITS[name];
    const limit = effectiveLimit(name, limits);
    const { used, of = null } = measure?.(view, watched, limits) ?? { ...NOTHING };
    return { name, unit, limit, used: finite(used), use: useOf(name, limit, used), of };
  });
