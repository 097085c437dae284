import type { Fact } from '../events/fact.js';
import type { Amendment, Ticket } from '../events/order.js';
import type { Approved } from '../execution/broker.js';
import type { Account } from '../portfolio/account.js';
import { approve, approveAmendment, isDenial } from './approve.js';
import type { RiskLimits } from './limits.js';
import type { MarketWatch } from './market-watch.js';
import { onPosition } from './position-name.js';
import type { Denial, RiskCheck, RiskView } from './risk-check.js';
import { riskRules, type RiskMemory, type RiskRulesOptions } from './rules.js';
import { stateBoard, type RiskReport, type StateChange } from './state-board.js';
import type { RiskState } from './state.js';
import { strategyBudget, type StrategyBudget } from './strategy-budget.js';

/** What the gate of an account is made of. */
export interface AccountGateOptions extends RiskRulesOptions {
  /** By strategy; one that is not named has none, and is held by the account's limits alone. */
  readonly budgets: Readonly<Record<string, StrategyBudget>>;
  readonly hedge: boolean;
  /** The whole account now: positions and orders of all strategies, those of nobody included. */
  readonly view: () => RiskView;
  /** The part of it that is one strategy's. */
  readonly viewOf: (strategy: string) => RiskView;
  /** The account's state changed. Called at once, within the call that made it change. */
  readonly onChange: (change: StateChange) => void;
}

/** The gate above several strategies on one account. Each has passed its own gate; here its ticket is judged again, with the whole account in view. */
export interface AccountGate {
  readonly state: RiskState;
  readonly limits: RiskLimits;
  /** Where prices and quotes are fed. */
  readonly market: MarketWatch;
  /** The strategy's ticket, or why not. What passes counts as sent. */
  approve(strategy: string, ticket: Ticket): Approved<Ticket> | Denial;
  /** The same for a change of an order at work: `after` is what the order could still do with it, null when it only becomes smaller; the views are those of the account and of the strategy without the order. */
  approveAmendment(
    strategy: string,
    amendment: Amendment,
    after: Ticket | null,
    without: { readonly account: RiskView; readonly own: RiskView },
  ): Approved<Amendment> | Denial;
  /** The next fact of any strategy's stream or of the account's own. */
  handle(fact: Fact): void;
  /** Marked equity of the account. */
  mark(equity: number): void;
  /** Time has passed. */
  tick(): void;
  /** Somebody else has a say in the state: the operator, the connection, the reconciliation. */
  report(report: RiskReport): void;
  /** A person takes trading up again after a halt, for this typed reason. */
  resume(code: string, text: string): void;
  /** Other limits hold from now on. */
  change(limits: RiskLimits): void;
  /** As those of `RiskRules`, for a restart. */
  adopt(account: Account): void;
  memory(): RiskMemory;
  remember(memory: RiskMemory): void;
}

/** The gate of an account, ACTIVE. */
export const accountGate = (options: AccountGateOptions): AccountGate => {
  const { budgets, hedge, view, viewOf, onChange, now } = options;
  const rules = riskRules(options);
  const board = stateBoard();
  const say = (change: StateChange | null): void => {
    if (change !== null) onChange(change);
  };
  const hear = (report: RiskReport | null): void => {
    if (report !== null) say(board.report(report, now()));
  };
  const checksFor = (strategy: string, own: () => RiskView): readonly RiskCheck[] => {
    const budget = budgets[strategy];
    return budget === undefined ? rules.checks : [strategyBudget(strategy, budget, own), ...rules.checks];
  };
  return {
    get state() {
      return board.state;
    },
    get limits() {
      return rules.limits;
    },
    market: rules.market,
    approve: (strategy, ticket) => {
      const answer = approve(
        ticket,
        view(),
        checksFor(strategy, () => viewOf(strategy)),
        board.state,
        hedge ? onPosition(ticket) : ticket,
      );
      if (!isDenial(answer)) rules.sent();
      return answer;
    },
    approveAmendment: (strategy, amendment, after, { account, own }) => {
      const judged = after !== null && hedge ? onPosition(after) : after;
      const answer = approveAmendment(
        amendment,
        judged,
        account,
        checksFor(strategy, () => own),
        board.state,
      );
      if (!isDenial(answer)) rules.sent();
      return answer;
    },
    handle: fact => hear(rules.handle(fact)),
    mark: equity => {
      say(board.tick(now()));
      hear(rules.mark(equity));
      hear(rules.markDrawdown(equity));
    },
    tick: () => say(board.tick(now())),
    report: report => hear(report),
    resume: (code, text) => {
      rules.resume();
      say(board.resume(code, text));
    },
    change: limits => rules.change(limits),
    adopt: account => rules.adopt(account),
    memory: () => rules.memory(),
    remember: memory => rules.remember(memory),
  };
};
