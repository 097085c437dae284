import type { Fact } from '../../events/fact.js';
import type { TradePlanned } from '../../events/forecast.js';
import type { SettingChanged } from '../../events/operator.js';
import type { SessionStarted } from '../../events/session.js';
import type { Instrument, Symbol } from '../../market/instrument.js';
import type { RiskState } from '../../risk/state.js';
import { decisionOf, type RecordedDecision } from './decision-of-fact.js';
import { fillOf, type RecordedFill } from './fill-of-fact.js';
import { forecastRecord, type ForecastRecord } from './forecast-record.js';
import { orderHistory, type OrderHistory } from './order-history.js';
import { positionBook, type PositionBook } from './position-book.js';

/** Risk state of the account (empty name) or of a strategy, and why. */
export interface RecordedRisk {
  readonly state: RiskState;
  readonly code: string;
  readonly text: string;
}

/** Everything that an account's journal says, folded into lists. The same fold serves `quantai sql` and the dashboard. */
export interface AccountRecord {
  handle(fact: Fact): void;
  readonly facts: number;
  /** Newest `ts` of any fact; null before the first. */
  readonly now: number | null;
  /** The latest start; null before the first. */
  readonly session: Pick<SessionStarted, 'mode' | 'venue' | 'practice' | 'epoch' | 'manifest' | 'ts'> | null;
  /** Whether it was stopped in order, and why. */
  readonly stopped: { readonly code: string; readonly text: string } | null;
  readonly orders: OrderHistory;
  readonly positions: PositionBook;
  readonly forecasts: ForecastRecord;
  /** In the order of the journal. */
  readonly fills: readonly RecordedFill[];
  readonly decisions: readonly RecordedDecision[];
  readonly changes: readonly SettingChanged[];
  /** Plans that have not ended, newest of each symbol of a strategy last. */
  readonly plans: ReadonlyMap<string, TradePlanned>;
  readonly risk: ReadonlyMap<string, RecordedRisk>;
  /** Alarms that are up, by code. */
  readonly alarms: ReadonlyMap<
    string,
    { readonly code: string; readonly text: string; readonly since: number; readonly critical: boolean }
  >;
}

/** A fold of no facts. `instrumentOf` gives the steps that the journal is booked in; what has none is left out of the lists. */
export const accountRecord = (instrumentOf: (symbol: Symbol) => Instrument | undefined): AccountRecord => {
  const orders = orderHistory(instrumentOf);
  const positions = positionBook(instrumentOf);
  const forecasts = forecastRecord();
  const fills: RecordedFill[] = [];
  const decisions: RecordedDecision[] = [];
  const changes: SettingChanged[] = [];
  const plans = new Map<string, TradePlanned>();
  const risk = new Map<string, RecordedRisk>();
  const alarms = new Map<string, { code: string; text: string; since: number; critical: boolean }>();
  let facts = 0;
  let now: number | null = null;
  let session: AccountRecord['session'] = null;
  let stopped: AccountRecord['stopped'] = null;

  return {
    handle: fact => {
      facts++;
      now = Math.max(now ?? -Infinity, fact.ts);
      orders.handle(fact);
      positions.handle(fact);
      forecasts.handle(fact);
      const decision = decisionOf(fact);
      if (decision !== null) decisions.push(decision);
      switch (fact.type) {
        case 'OrderFilled':
        case 'ExternalFilled': {
          const fill = fillOf(fact, instrumentOf);
          if (fill !== null) fills.push(fill);
          return;
        }
        case 'TradePlanned':
          plans.set(`${fact.strategy}\u0000${fact.plan}`, fact);
          return;
        case 'PlanClosed':
          plans.delete(`${fact.strategy}\u0000${fact.plan}`);
          return;
        case 'RiskStateChanged':
          risk.set(fact.strategy, { state: fact.state, code: fact.code, text: fact.text });
          return;
        case 'SettingChanged':
          changes.push(fact);
          return;
        case 'AlarmRaised':
          alarms.set(fact.code, { code: fact.code, text: fact.text, since: fact.ts, critical: fact.severity === 'critical' });
          return;
        case 'AlarmCleared':
          alarms.delete(fact.code);
          return;
        case 'SessionStarted': {
          const { mode, venue, practice, epoch, manifest, ts } = fact;
          session = { mode, venue, practice, epoch, manifest, ts };
          stopped = null;
          return;
        }
        case 'SessionStopped':
          stopped = { code: fact.code, text: fact.text };
          return;
        default:
          return;
      }
    },
    get facts() {
      return facts;
    },
    get now() {
      return now;
    },
    get session() {
      return session;
    },
    get stopped() {
      return stopped;
    },
    orders,
    positions,
    forecasts,
    fills,
    decisions,
    changes,
    plans,
    risk,
    alarms,
  };
};
