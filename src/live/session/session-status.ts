import { openRecords } from '../broker/broker-state.js';
import type { LiveSession } from './live-session.js';
import { toMoney, unitsOf } from '../../market/units.js';

/** What a session says of itself to whoever asks. Money in the settlement asset, quantities in base units. */
export interface SessionStatus {
  readonly account: string;
  readonly venue: string;
  readonly mode: 'paper' | 'live';
  readonly practice: boolean;
  readonly epoch: number;
  readonly phase: LiveSession['phase'];
  readonly risk: LiveSession['risk'];
  readonly ready: boolean;
  /** Why it is not ready, or null. */
  readonly because: string | null;
  readonly marketTime: number;
  readonly facts: number;
  readonly alarms: readonly string[];
  readonly strategies: readonly {
    readonly name: string;
    readonly phase: string;
    readonly failure: string | null;
    readonly equity: number;
    readonly cash: number;
    readonly realised: number;
    readonly fees: number;
    readonly funding: number;
    readonly positions: Readonly<Record<string, number>>;
    readonly openOrders: number;
  }[];
}

/** What is said of a session beside its state. */
export interface StatusScope {
  readonly account: string;
  readonly venue: string;
  readonly mode: 'paper' | 'live';
  readonly practice: boolean;
  readonly now: number;
}

/** The session as it stands. */
export const sessionStatus = (session: LiveSession, { account, venue, mode, practice, now }: StatusScope): SessionStatus => {
  const { state, readiness } = session;
  const open = openRecords(state);
  const figures = session.meter.strategies();
  return {
    account,
    venue,
    mode,
    practice,
    epoch: session.epoch,
    phase: session.phase,
    risk: session.risk,
    ready: readiness.ready,
    because: readiness.ready ? null : `${readiness.code}: ${readiness.text}`,
    marketTime: now,
    facts: session.streams.folded,
    alarms: [...state.alarms.keys()].sort(),
    strategies: session.desks.map(({ name, phase, failure, equity: told }) => {
      // At last prices; where one is not known, as its engine saw it at the latest bar.
      const measured = figures.find(each => each.name === name)?.equity ?? NaN;
      const equity = Number.isFinite(measured) && state.books.has(name) ? measured : told;
      const book = state.books.get(name);
      const positions = state.instruments.flatMap((instrument, i) => {
        const lots = book?.account.net(i) ?? 0;
        return lots === 0 ? [] : [[instrument.symbol, unitsOf(instrument).quantity(lots)] as const];
      });
      return {
        name,
        phase,
        failure,
        equity,
        cash: toMoney(book?.account.cash ?? 0),
        realised: toMoney(book?.realised ?? 0),
        fees: toMoney(book?.fees ?? 0),
        funding: toMoney(book?.funding ?? 0),
        positions: Object.fromEntries(positions),
        openOrders: open.filter(record => record.strategy === name).length,
      };
    }),
  };
};
