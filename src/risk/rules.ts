import type { Fact } from '../events/fact.js';
import type { Instrument, Symbol } from '../market/instrument.js';
import type { MarginTier } from '../market/margin-tiers.js';
import { toMoney } from '../market/units.js';
import type { Account } from '../portfolio/account.js';
import { checksOf } from './approve.js';
import { correlatedExposure } from './correlated-exposure.js';
import { dailyLoss } from './daily-loss.js';
import { drawdownHalt } from './drawdown-halt.js';
import { LIMIT_DEFAULTS, type RiskLimits } from './limits.js';
import { losingStreak } from './losing-streak.js';
import { marginDistance } from './margin-distance.js';
import { marketWatch, type MarketWatch } from './market-watch.js';
import { orderRate, requestCount } from './order-rate.js';
import type { RiskCheck } from './risk-check.js';
import { spreadHalt } from './spread-halt.js';
import { staleData } from './stale-data.js';
import type { RiskReport } from './state-board.js';
import { volatilityHalt } from './volatility-halt.js';

/** What the rules are told of the account and the market. */
export interface RiskRulesOptions {
  readonly limits: RiskLimits;
  readonly instruments: readonly Instrument[];
  /** Length of the bars that are fed, ms. */
  readonly barMs: number;
  /** Maintenance-margin schedule of a symbol; empty where it has none. */
  readonly tiersOf: (symbol: Symbol) => readonly MarginTier[];
  /** Market time, epoch ms. */
  readonly now: () => number;
  /** Rules of the venue itself, judged after the limits on the account. */
  readonly more?: readonly RiskCheck[];
}

/** All rules of one account or one strategy: what each ticket must pass, and what is watched over time. The same in backtest, paper and live. */
export interface RiskRules {
  readonly limits: RiskLimits;
  /** What a ticket must pass, in the order in which reasons are given. The same array for good: `change` changes what is in it. */
  readonly checks: readonly RiskCheck[];
  /** Where prices and quotes are fed. */
  readonly market: MarketWatch;
  /** The next fact of the stream. */
  handle(fact: Fact): RiskReport | null;
  /** Orders, amendments and cancels within the window that `maxOrderRate` is about. */
  readonly requests: number;
  /** The gate let an order or an amendment pass that leaves for the venue now. */
  sent(): void;
  /** Marked equity, before what is decided at it. */
  mark(equity: number): RiskReport | null;
  /** Marked equity against its peak. */
  markDrawdown(equity: number): RiskReport | null;
  /** Other limits hold from now on. What was watched so far stays known. */
  change(limits: RiskLimits): void;
  /** A person takes trading up again: drawdown, day and streak count from here. */
  resume(): void;
  /** Positions that were there before the first fact. */
  adopt(account: Account): void;
  /** What marks have shown so far, which no journal has: to be kept beside it, and given back after a restart. */
  memory(): RiskMemory;
  remember(memory: RiskMemory): void;
}

/** What the rules remember of marks. JSON as it is; null is not known. */
export interface RiskMemory {
  /** Peak of equity and its latest mark. */
  readonly drawdown: readonly (number | null)[];
  /** The day since the epoch, its opening equity, the latest equity, and 1 when its loss was reported. */
  readonly day: readonly (number | null)[];
  readonly streak: number;
}

const kept = (values: Float64Array): (number | null)[] => [...values].map(value => (Number.isFinite(value) ? value : null));
const giveBack = (values: readonly (number | null)[], to: Float64Array): void =>
  values.forEach((value, i) => {
    if (value !== null && i < to.length) to[i] = value;
  });

/** Whether any limit is on that must be fed with the market, marks or facts, beyond what each ticket shows by itself. */
export const areWatching = (limits: RiskLimits): boolean =>
  [
    limits.maxCorrelated,
    limits.maxOrderRate,
    limits.maxDailyLoss,
    limits.pauseAfterLosses,
    limits.maxVolatility,
    limits.maxSpread,
    limits.maxDataAge,
  ].some(limit => (limit ?? null) !== null);

/** The rules under these limits. */
export const riskRules = ({ limits, instruments, barMs, tiersOf, now, more = [] }: RiskRulesOptions): RiskRules => {
  let held = limits;
  const checks: RiskCheck[] = [];
  const requests = requestCount();
  const market = marketWatch(
    instruments.map(({ symbol }) => symbol),
    barMs,
    limits,
  );
  const day = dailyLoss(() => held);
  const streak = losingStreak(instruments, () => held);
  const drawdown = drawdownHalt(() => held.maxDrawdown ?? null);

  const build = (): void => {
    const {
      maxCorrelated = null,
      maxOrderRate = null,
      maxVolatility = null,
      maxSpread = null,
      maxDataAge = null,
      minMarginDistance = null,
    } = held;
    checks.splice(0, checks.length, ...checksOf(held, instruments), ...more);
    if (maxCorrelated !== null)
      checks.push(
        correlatedExposure({
          limit: maxCorrelated,
          at: held.correlationAt ?? LIMIT_DEFAULTS.correlationAt,
          correlation: (a, b) => market.correlation(a, b),
        }),
      );
    if (minMarginDistance !== null) checks.push(marginDistance(minMarginDistance, tiersOf));
    if (maxVolatility !== null) checks.push(volatilityHalt(maxVolatility, symbol => market.wildness(symbol)));
    if (maxSpread !== null) checks.push(spreadHalt(maxSpread, symbol => market.spread(symbol)));
    if (maxDataAge !== null) checks.push(staleData({ limit: maxDataAge, barMs, now, pricedAt: symbol => market.pricedAt(symbol) }));
    if (maxOrderRate !== null) checks.push(orderRate(maxOrderRate, held.rateWindow ?? LIMIT_DEFAULTS.rateWindow, requests, now));
  };
  build();
  return {
    get limits() {
      return held;
    },
    checks,
    market,
    get requests() {
      return requests.within(now(), held.rateWindow ?? LIMIT_DEFAULTS.rateWindow);
    },
    handle: fact => {
      if (fact.type === 'CancelRequested') requests.sent(now());
      else if (fact.type === 'CashMoved') {
        day.moved(toMoney(fact.amount));
        drawdown.moved(toMoney(fact.amount));
      }
      return streak.handle(fact);
    },
    sent: () => requests.sent(now()),
    mark: equity => day.mark(equity, now()),
    markDrawdown: equity => {
      const denial = drawdown(equity);
      return denial && { source: denial.code, state: 'HALTED', ...denial };
    },
    change: next => {
      held = next;
      market.change(next);
      build();
    },
    adopt: account => {
      for (let slot = 0; slot < account.lots.length; slot++)
        if (account.lots[slot] !== 0)
          streak.adopt(account.symbols[account.symbolOf(slot)]!, account.legOf(slot), account.lots[slot]!, account.cost[slot]!);
    },
    memory: () => ({ drawdown: kept(drawdown.memory), day: kept(day.memory), streak: streak.length }),
    remember: memory => {
      giveBack(memory.drawdown, drawdown.memory);
      giveBack(memory.day, day.memory);
      streak.length = memory.streak;
    },
    resume: () => {
      day.resume();
      streak.resume();
      drawdown.resume();
    },
  };
};
