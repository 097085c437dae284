import type { Chunk } from '../../events/market.js';
import type { Fact } from '../../events/fact.js';
import type { Ticket } from '../../events/order.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import type { MarginTier } from '../../market/margin-tiers.js';
import { feedWatch } from './feed-watch.js';
import { toMoney } from '../../market/units.js';
import { accountGate } from '../../risk/account-gate.js';
import { accountView, type OrderFigures, type PositionFigures } from '../../risk/account-view.js';
import { isDenial } from '../../risk/approve.js';
import type { RiskLimits } from '../../risk/limits.js';
import type { Denial, RiskView } from '../../risk/risk-check.js';
import type { RiskMemory } from '../../risk/rules.js';
import type { StateChange } from '../../risk/state-board.js';
import type { StrategyBudget } from '../../risk/strategy-budget.js';
import { heldTogether, openRecords, type BrokerState } from '../broker/broker-state.js';
import { remainingOf } from '../broker/order-record.js';
import { openProfit } from '../broker/stream-book.js';

/** Limits of the account above its strategies. */
export interface AccountRiskLimits {
  readonly limits: RiskLimits;
  /** By strategy. */
  readonly budgets: Readonly<Record<string, StrategyBudget>>;
  /** Length of the bars that strategies decide on, ms. */
  readonly barMs: number;
  readonly tiersOf: (symbol: Symbol) => readonly MarginTier[];
}

/** What the account's risk looks at. */
export interface AccountRiskPorts {
  readonly instruments: readonly Instrument[];
  readonly state: BrokerState;
  readonly lastPrice: (symbol: Symbol) => number;
  /** Market time. */
  readonly now: () => number;
  readonly onChange: (change: StateChange) => void;
}

/** The gate above the strategies of a session: their orders together against the limits of the account, by the checks that each has passed already with its own part in view. */
export interface AccountRisk {
  readonly limits: RiskLimits;
  /** Why the ticket may not leave, or null. */
  denial(strategy: string, ticket: Ticket): Denial | null;
  handle(fact: Fact): void;
  /** What the market said by `now`. */
  hear(chunk: Chunk, now: number): void;
  /** The closes of a moment are known. */
  mark(): void;
  tick(): void;
  resume(code: string, text: string): void;
  change(limits: RiskLimits): void;
  /** After a restart: the positions that were there before the first fact of this session. */
  adopt(): void;
  memory(): RiskMemory;
  remember(memory: RiskMemory): void;
}

export const positionsOf = (state: BrokerState, streams: readonly string[]): PositionFigures[] =>
  streams.flatMap(stream => {
    const account = state.books.get(stream)?.account;
    if (!account) return [];
    return [...account.lots].flatMap((lots, slot) =>
      lots === 0 ? [] : [{ symbol: account.symbols[account.symbolOf(slot)] ?? '', lots, positionSide: account.legOf(slot) }],
    );
  });

export const ordersOf = (state: BrokerState, strategy: string | null, except: string): OrderFigures[] =>
  openRecords(state)
    // The broker's own only close, and what is asked about is not at work yet.
    .filter(record => record.strategy !== '' && record.ticket.orderId !== except && (strategy === null || record.strategy === strategy))
    .map(record => ({ ...record.ticket, limit: record.limit, stop: record.stop, lots: remainingOf(record) }));

/** The account's risk over the fold of its journal. */
export const accountRisk = (
  { limits, budgets, barMs, tiersOf }: AccountRiskLimits,
  { instruments, state, lastPrice, now, onChange }: AccountRiskPorts,
): AccountRisk => {
  let asked = '';
  const equityOf = (streams: readonly string[]): number => {
    let equity = 0;
    for (const stream of streams) {
      const book = state.books.get(stream);
      if (book) equity += toMoney(book.account.cash) + openProfit(book, lastPrice);
    }
    return equity;
  };
  const all = (): string[] => [...state.books.keys()];
  const viewOf = (streams: readonly string[], strategy: string | null): RiskView =>
    accountView(instruments, {
      equity: equityOf(streams),
      positions: positionsOf(state, streams),
      orders: ordersOf(state, strategy, asked),
      lastPrice,
      hedge: state.hedge,
    });
  const indexOf = new Map(instruments.map(({ symbol }, i) => [symbol, i]));
  const gate = accountGate({
    limits,
    instruments,
    barMs,
    tiersOf,
    now,
    budgets,
    hedge: state.hedge,
    view: () => viewOf(all(), null),
    viewOf: strategy => viewOf([strategy], strategy),
    onChange,
  });
  return {
    get limits() {
      return gate.limits;
    },
    denial: (strategy, ticket) => {
      asked = ticket.orderId;
      const answer = gate.approve(strategy, ticket);
      return isDenial(answer) ? answer : null;
    },
    handle: fact => gate.handle(fact),
    hear: (chunk, now) => {
      const i = indexOf.get(chunk.symbol);
      if (i !== undefined) feedWatch(gate.market, i, chunk, now);
    },
    mark: () => {
      const equity = equityOf(all());
      // A symbol that is held and has no price yet says nothing.
      if (Number.isFinite(equity)) gate.mark(equity);
    },
    tick: () => gate.tick(),
    resume: (code, text) => gate.resume(code, text),
    change: next => gate.change(next),
    adopt: () => gate.adopt(heldTogether(state)),
    memory: () => gate.memory(),
    remember: memory => gate.remember(memory),
  };
};
