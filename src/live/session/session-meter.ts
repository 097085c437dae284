import type { Chunk } from '../../events/market.js';
import type { Fact } from '../../events/fact.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import { feedWatch } from './feed-watch.js';
import { maintenanceOf, type MarginTier } from '../../market/margin-tiers.js';
import { toMoney, unitsOf } from '../../market/units.js';
import type { Account } from '../../portfolio/account.js';
import { liquidationPrice } from '../../portfolio/margin/liquidation-price.js';
import { accountView } from '../../risk/account-view.js';
import { limitUses, type LimitUse } from '../../risk/limit-use.js';
import type { RiskLimits } from '../../risk/limits.js';
import { riskRules, type RiskMemory, type RiskRules } from '../../risk/rules.js';
import type { RiskView } from '../../risk/risk-check.js';
import { DAY, MINUTE } from '../../time.js';
import { heldTogether, type BrokerState } from '../broker/broker-state.js';
import { openProfit } from '../broker/stream-book.js';
import { ordersOf, positionsOf } from './account-risk.js';

/** One strategy of the session, or what belongs to none of them (empty name), at last prices. Settlement asset; ratios are of its own equity. */
export interface StrategyFigures {
  readonly name: string;
  readonly equity: number;
  readonly cash: number;
  readonly unrealised: number;
  /** Realised less fees, with funding and open profit: what trading has made since ever, whatever money was moved. */
  readonly profit: number;
  /** The part of it that the UTC day of market time has made. */
  readonly today: number;
}

/** An open position at last prices. NaN is not known. */
export interface PositionFigures {
  readonly strategy: string;
  readonly symbol: Symbol;
  readonly side: 'long' | 'short' | null;
  readonly quantity: number;
  readonly entryPrice: number;
  readonly lastPrice: number;
  /** Signed. */
  readonly notional: number;
  /** Signed notional ÷ equity of the account. */
  readonly exposure: number;
  readonly unrealised: number;
  /** Price of this symbol alone at which the account is liquidated for what all strategies hold of it together (on paper: the strategy for what it holds), as its margin schedule says; an estimate, for the venue looks at mark prices. NaN for a part on the other side of that. */
  readonly liquidationPrice: number;
}

/** The account at one moment, as status, equity record and dashboard show it. */
export interface SessionFigures {
  readonly ts: number;
  readonly equity: number;
  readonly today: number;
  /** Net and gross notional ÷ equity. */
  readonly exposure: number;
  readonly gross: number;
  /** Equity against its highest mark, a fraction of 0 or less. */
  readonly drawdown: number;
  readonly strategies: readonly StrategyFigures[];
  readonly positions: readonly PositionFigures[];
}

/** What the meter is told of the session beside its state. */
export interface MeterTerms {
  /** Length of the bars that strategies decide on, ms. */
  readonly barMs: number;
  readonly timeframe: string | null;
  /** What this session looks at. */
  readonly symbols: readonly Symbol[];
  readonly tiersOf: (symbol: Symbol) => readonly MarginTier[];
  /** Whether each strategy stands behind its own positions alone, as on paper, where each has an exchange of its own. Left out: one account stands behind all of them. */
  readonly separate?: boolean;
  /** `profit` of a strategy when the day of this moment began, where an earlier session wrote it down. */
  readonly profitBefore?: (strategy: string, now: number) => number | null;
  /** Hears the account's figures at each bar, and once a minute of market time. */
  readonly onMark?: (figures: SessionFigures) => void;
}

export interface MeterPorts {
  readonly instruments: readonly Instrument[];
  readonly state: BrokerState;
  readonly strategies: readonly string[];
  readonly lastPrice: (symbol: Symbol) => number;
  readonly now: () => number;
  /** Which of them limits hold for: the account (empty name), strategies. */
  readonly limited: readonly string[];
}

/** Measures an account: what it is worth, what it made today, what of each limit is used. It decides nothing. */
export interface SessionMeter {
  readonly terms: MeterTerms;
  /** Recovery is over; marks that an earlier session remembered, by strategy. */
  begin(marksOf: (strategy: string) => RiskMemory | null): void;
  handle(fact: Fact): void;
  /** What the market said by `now`. */
  hear(chunk: Chunk, now: number): void;
  /** Closes of an instant are in. */
  mark(now: number): void;
  /** Time has passed. */
  tick(now: number): void;
  change(limits: RiskLimits): void;
  figures(): SessionFigures;
  /** Each strategy's part of the figures, without the work of the positions. */
  strategies(): readonly StrategyFigures[];
  limits(): readonly (LimitUse & { readonly scope: string })[];
}

/** A meter over the fold of an account's journal. */
export const sessionMeter = (terms: MeterTerms, ports: MeterPorts): SessionMeter => {
  const { instruments, state, strategies, now, limited } = ports;
  const { barMs, tiersOf } = terms;
  const indexOf = new Map(instruments.map(({ symbol }, i) => [symbol, i]));
  const prices = new Map<Symbol, number>();
  const openings = new Map<string, number>();
  let day = NaN;
  let markedAt = -Infinity;
  let markedFacts = NaN;
  let facts = 0;
  let held: RiskLimits | null = null;
  /** The rules by which the gates judge, fed with the same and asked for nothing but their figures. */
  const rulesOf = new Map<string, RiskRules>();

  const priceOf = (symbol: Symbol): number => {
    const last = ports.lastPrice(symbol);
    if (Number.isFinite(last)) prices.set(symbol, last);
    return prices.get(symbol) ?? NaN;
  };
  const names = (): readonly string[] => [...new Set(['', ...strategies, ...state.books.keys()])];
  const strategyFigures = (name: string): StrategyFigures => {
    const book = state.books.get(name);
    if (book === undefined) return { name, equity: 0, cash: 0, unrealised: 0, profit: 0, today: 0 };
    const unrealised = openProfit(book, priceOf);
    const cash = toMoney(book.account.cash);
    const profit = toMoney(book.realised - book.fees + book.funding) + unrealised;
    return {
      name,
      equity: cash + unrealised,
      cash,
      unrealised,
      profit,
      today: profit - (openings.get(name) ?? (Number.isNaN(day) ? NaN : 0)),
    };
  };
  const equityOf = (scope: string): number =>
    scope === '' ? names().reduce((sum, name) => sum + strategyFigures(name).equity, 0) : strategyFigures(scope).equity;
  const viewOf = (scope: string, equity: number): RiskView =>
    accountView(instruments, {
      equity,
      positions: positionsOf(state, scope === '' ? [...state.books.keys()] : [scope]),
      orders: ordersOf(state, scope === '' ? null : scope, ''),
      lastPrice: priceOf,
      hedge: state.hedge,
    });
  const positionsAs = (scope: string): Account => heldTogether(state, scope === '' ? undefined : [scope]);
  const strategiesNow = (): readonly StrategyFigures[] => names().map(strategyFigures);
  const figures = (): SessionFigures => {
    const each = strategiesNow();
    const equity = each.reduce((sum, figure) => sum + figure.equity, 0);
    // Against equity that is gone there is no ratio: its sign would turn a long position into a short one.
    const ofEquity = (money: number): number => (equity > 0 ? money / equity : NaN);
    // What strategies hold in one symbol, or leg of it, is one position at the venue: it is liquidated, and not a strategy's part of it.
    const bearer = (scope: string, backing: number) => {
      const whole = positionsAs(scope);
      const dues = [...whole.lots].map((lots, slot) => {
        const symbol = whole.symbols[whole.symbolOf(slot)] ?? '';
        return lots === 0 ? 0 : maintenanceOf(tiersOf(symbol), Math.abs(whole.notionalAt(slot, priceOf(symbol))));
      });
      return { whole, dues, maintenance: dues.reduce((sum, due) => sum + due, 0), backing };
    };
    const together = terms.separate === true ? null : bearer('', equity);
    const apart = new Map(terms.separate === true ? each.map(({ name, equity: own }) => [name, bearer(name, own)] as const) : []);
    const open = names().flatMap(strategy => {
      const account = state.books.get(strategy)?.account;
      if (account === undefined || account.open === 0) return [];
      return [...account.lots].flatMap((lots, slot) => {
        if (lots === 0) return [];
        const instrument = instruments[account.symbolOf(slot)]!;
        const lastPrice = priceOf(instrument.symbol);
        return [{ strategy, account, slot, lots, instrument, lastPrice, notional: account.notionalAt(slot, lastPrice) }];
      });
    });
    const positions = open.map(({ strategy, account, slot, lots, instrument, lastPrice, notional }): PositionFigures => {
      const unrealised = account.profitAt(slot, lastPrice);
      const quantity = unitsOf(instrument).quantity(lots);
      const entryPrice = account.entryPrice(slot);
      const tiers = tiersOf(instrument.symbol);
      const { whole, dues, maintenance, backing } = together ?? apart.get(strategy)!;
      const held = whole.lots[slot] ?? 0;
      const margin = backing - whole.profitAt(slot, lastPrice) - (maintenance - (dues[slot] ?? 0));
      return {
        strategy,
        symbol: instrument.symbol,
        side: account.legOf(slot) ?? null,
        quantity,
        entryPrice,
        lastPrice,
        notional,
        exposure: ofEquity(notional),
        unrealised,
        liquidationPrice:
          tiers.length === 0 || Math.sign(held) !== Math.sign(lots) || Number.isNaN(margin)
            ? NaN
            : liquidationPrice({
                inverse: account.unitsAt(account.symbolOf(slot)).inverse,
                quantity: unitsOf(instrument).quantity(held),
                entryPrice: whole.entryPrice(slot),
                margin,
                tiers,
              }),
      };
    });
    const peak = rulesOf.get('')?.memory().drawdown[0] ?? null;
    return {
      ts: now(),
      equity,
      today: each.reduce((sum, { today }) => sum + today, 0),
      exposure: ofEquity(positions.reduce((sum, { notional }) => sum + notional, 0)),
      gross: ofEquity(positions.reduce((sum, { notional }) => sum + Math.abs(notional), 0)),
      drawdown: peak === null || !(peak > 0) ? 0 : Math.min(0, equity / peak - 1),
      strategies: each,
      positions,
    };
  };
  const turnDay = (ts: number): void => {
    const next = Math.floor(ts / DAY);
    if (next === day) {
      for (const [name, opening] of openings) if (Number.isNaN(opening)) openings.set(name, strategyFigures(name).profit);
      return;
    }
    const isFirst = Number.isNaN(day);
    day = next;
    for (const name of names()) {
      const before = isFirst ? (terms.profitBefore?.(name, ts) ?? null) : null;
      // Without a price yet of what is held the day's beginning is not known, and neither is what was made since; the first look that knows it sets it.
      openings.set(name, before ?? strategyFigures(name).profit);
    }
  };
  const tell = (ts: number): void => {
    if (terms.onMark === undefined) return;
    markedAt = ts;
    markedFacts = facts;
    terms.onMark(figures());
  };
  return {
    terms,
    begin: marksOf => {
      for (const scope of ['', ...strategies]) {
        const rules = riskRules({
          limits: held ?? { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null },
          instruments,
          barMs,
          tiersOf,
          now,
        });
        rules.adopt(positionsAs(scope));
        const marks = marksOf(scope);
        if (marks !== null) rules.remember(marks);
        rulesOf.set(scope, rules);
      }
    },
    handle: fact => {
      facts++;
      for (const [scope, rules] of rulesOf) {
        if (scope !== '' && scope !== fact.strategy && fact.type !== 'RiskStateChanged') continue;
        if (fact.type === 'OrderSubmitted' || fact.type === 'AmendRequested') rules.sent();
        else if (fact.type === 'RiskStateChanged') {
          if (fact.strategy === '' && fact.state === 'ACTIVE' && fact.code === 'operator') rules.resume();
        } else rules.handle(fact);
      }
    },
    hear: (chunk, now) => {
      const i = indexOf.get(chunk.symbol);
      if (i === undefined) return;
      if (chunk.kind === 'bars') {
        const price = chunk.columns[3]?.[chunk.rows - 1] ?? NaN;
        if (!Number.isFinite(price)) return;
        prices.set(chunk.symbol, price);
      }
      for (const rules of rulesOf.values()) feedWatch(rules.market, i, chunk, now);
    },
    mark: ts => {
      turnDay(ts);
      for (const [scope, rules] of rulesOf) {
        const equity = equityOf(scope);
        if (!Number.isFinite(equity)) continue;
        rules.mark(equity);
        rules.markDrawdown(equity);
      }
      if (ts - markedAt >= Math.min(barMs, MINUTE)) tell(ts);
    },
    tick: ts => {
      turnDay(ts);
      if (ts - markedAt >= MINUTE && (facts !== markedFacts || [...state.books.values()].some(({ account }) => account.open > 0))) tell(ts);
    },
    change: limits => {
      held = limits;
      for (const rules of rulesOf.values()) rules.change(limits);
    },
    figures,
    strategies: strategiesNow,
    limits: () =>
      limited.flatMap(scope => {
        const rules = rulesOf.get(scope);
        if (held === null || rules === undefined) return [];
        const equity = equityOf(scope);
        const { drawdown, day: marked, streak } = rules.memory();
        const [peak = null] = drawdown;
        const [, opening = null] = marked;
        const { market } = rules;
        const watched = {
          drawdown: peak === null ? 0 : 1 - equity / Math.max(peak, equity),
          dailyLoss: opening === null ? 0 : 1 - equity / opening,
          streak,
          requests: rules.requests,
          ageOf: (symbol: Symbol) => (now() - market.pricedAt(symbol)) / barMs,
          volatilityOf: (symbol: Symbol) => market.volatility(symbol),
          spreadOf: (symbol: Symbol) => market.spread(symbol),
          correlation: (a: Symbol, b: Symbol) => market.correlation(a, b),
          tiersOf,
        };
        return limitUses(held, viewOf(scope, equity), watched).map(use => ({ ...use, scope }));
      }),
  };
};
