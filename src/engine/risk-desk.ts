import type { Fact } from '../events/fact.js';
import type { RiskLimits } from '../risk/limits.js';
import type { Denial } from '../risk/risk-check.js';
import { areWatching, type RiskMemory, type RiskRules } from '../risk/rules.js';
import { stateBoard, type RiskReport, type StateChange } from '../risk/state-board.js';
import type { RiskState } from '../risk/state.js';
import { DAY } from '../time.js';
import type { OrderDesk } from './order-desk.js';

/** What the desk of risk works with. */
export interface RiskDeskSetup {
  readonly rules: RiskRules;
  readonly desk: OrderDesk;
  /** Market time, epoch ms. */
  readonly now: () => number;
  /** A change that leaves working orders alone, as a fact. */
  readonly publish: (change: { readonly type: 'RiskStateChanged' } & StateChange) => void;
  /** Whether limits that are off may be switched on while the engine runs: then everything is watched from the beginning. */
  readonly mayChange: boolean;
}

/** Drift of models: positions and orders at work are left to their plans. */
const LEAVES_ORDERS = 'drift';
/** Whoever decides above the strategy. */
const ABOVE = 'account';
/** Reasons of the strategy's own rules; the state that a restart finds under another one was decided above. */
const OWN: ReadonlySet<string> = new Set(['daily-loss', 'max-drawdown', 'consecutive-losses', 'drift', 'liquidated']);

/**
 * The strategy's risk state, of all who have a say in it: its own limits, the drift of its models, and the account above it. It feeds the rules and carries out at the order desk what they ask for.
 */
export class RiskDesk {
  /** Whether bars, quotes and marks must be fed. */
  isWatching: boolean;
  private readonly _s: RiskDeskSetup;
  private readonly _board = stateBoard();

  constructor(setup: RiskDeskSetup) {
    this._s = setup;
    this.isWatching = setup.mayChange || areWatching(setup.rules.limits);
  }

  get limits(): RiskLimits {
    return this._s.rules.limits;
  }

  /** Other limits hold from now on. */
  change(limits: RiskLimits): void {
    this._s.rules.change(limits);
    this.isWatching ||= areWatching(limits);
  }

  handle(fact: Fact): void {
    // Said by whoever brought it about; here it is only known from now on.
    if (fact.type === 'AccountLiquidated')
      this._board.report({ source: 'liquidated', state: 'HALTED', code: 'liquidated', text: '' }, this._s.now());
    if (this.isWatching) this._hear(this._s.rules.handle(fact));
  }

  /** A bar of a symbol closed at `ts`. */
  close(index: number, ts: number, price: number): void {
    this._s.rules.market.close(index, ts, price);
  }

  traded(index: number, ts: number): void {
    this._s.rules.market.traded(index, ts);
  }

  quoted(index: number, bid: number, ask: number): void {
    this._s.rules.market.quoted(index, bid, ask);
  }

  /** Equity at the prices of a moment, before anything is decided at it. */
  mark(equity: number): void {
    this._carryOut(this._board.tick(this._s.now()), true, false);
    this._hear(this._s.rules.mark(equity));
  }

  /** Equity when a moment is over, against its peak. */
  markDrawdown(equity: number): void {
    const report = this._s.rules.markDrawdown(equity);
    // Whatever has halted the strategy already closes it or has a reason not to.
    if (this._board.state !== 'HALTED') this._hear(report);
  }

  /** Somebody has a say. */
  report(report: RiskReport): void {
    const { rules } = this._s;
    this._carryOut(this._board.report(report, this._s.now()), rules.limits.haltFlattens ?? true, report.source === LEAVES_ORDERS);
  }

  /** What the account above the strategy asks for from now on. With `flatten` a halt closes all positions at the market, also after a halt that had left them. */
  reportAbove(state: RiskState, denial: Denial, flatten: boolean): void {
    const wasHalted = this._board.state === 'HALTED';
    const change = this._board.report({ source: ABOVE, state, code: denial.code, text: denial.text }, this._s.now());
    if (wasHalted && state === 'HALTED' && flatten) this._s.desk.halt(denial);
    else this._carryOut(change, flatten, false);
  }

  /** A person takes trading up again: what halted the strategy itself is forgiven, and its limits count from here. What the account asks for stays. */
  resume(denial: Denial): void {
    this._s.rules.resume();
    this._carryOut(this._board.resume(denial.code, denial.text, ABOVE), true, false);
  }

  /** What marks have shown so far, to be given back after a restart. */
  memory(): RiskMemory {
    return this._s.rules.memory();
  }

  remember(memory: RiskMemory): void {
    this._s.rules.remember(memory);
  }

  /** Whether a halt with this code was the strategy's own, and closes its positions: one from above leaves that to whoever asked for it. */
  flattensOn(code: string): boolean {
    return OWN.has(code) && (this._s.rules.limits.haltFlattens ?? true);
  }

  /** After a restart at `at` (epoch ms): the state in which an earlier engine of the strategy stopped. What would have ended by itself ends a day from then. */
  restored({ state, code }: { readonly state: RiskState; readonly code: string }, at: number): void {
    const isOwn = OWN.has(code);
    const until = isOwn && state === 'REDUCING' ? { until: at + DAY } : {};
    this._board.report({ source: isOwn ? code : ABOVE, state, code, text: 'as before the restart', ...until }, at);
  }

  private _hear(report: RiskReport | null): void {
    if (report !== null) this.report(report);
  }

  private _carryOut(change: StateChange | null, flatten: boolean, leavesOrders: boolean): void {
    if (change === null) return;
    const { desk, publish } = this._s;
    if (!leavesOrders) return desk.setState(change.state, change, flatten);
    desk.state = change.state;
    publish({ type: 'RiskStateChanged', state: change.state, code: change.code, text: change.text });
  }
}
