import { RunFold } from '../engine/run-fold.js';
import type { Fact } from '../events/fact.js';
import type { Instrument } from '../market/instrument.js';
import { toMoney } from '../market/units.js';
import { roundTrips } from '../portfolio/round-trips.js';
import { forecastDrift } from '../promotion/watch/forecast-drift.js';
import type { LiveRecord } from '../promotion/watch/live-record.js';
import { DAY } from '../time.js';

/** What a session's manifest says of one strategy. */
export interface TradedAs {
  /** Promotion and share that it traded it as; null for a rehearsal. */
  readonly promotion: { readonly id: string; readonly stage: 'paper' | 'live'; readonly share: number } | null;
}

/** What one promoted strategy has done on its step, as a fold of the account's journal. */
export interface PromotedRecord {
  /** The next fact of any stream of the account. */
  handle(fact: Fact): void;
  /** UTC days of market time that are complete. */
  readonly days: number;
  /** Close of the last complete day, epoch ms; NaN before the first. */
  readonly until: number;
  /** When the first session of the step began; NaN where none has. */
  readonly since: number;
  readonly record: Omit<LiveRecord, 'slippage'>;
}

export interface PromotedRecordOptions {
  readonly strategy: string;
  readonly promotion: string;
  readonly stage: 'paper' | 'live';
  readonly instruments: readonly Instrument[];
  readonly hedge: boolean;
  /** Horizon of the label of its forecasts, ms; null for a strategy without. */
  readonly stretchMs: number | null;
  /** What a session with this manifest traded the strategy as; null when it did not trade it. */
  readonly tradedAs: (manifest: string) => TradedAs | null;
}

/** Cash that is moved by somebody's decision and is no profit. */
const MOVES: ReadonlySet<string> = new Set(['opening', 'deposit', 'withdrawal', 'transfer', 'adopted']);

/**
 * Begins anew with the first session of each step of the ramp, so that one step is judged by what it did; a restart on the same step goes on, and gives the same as if there had been none. A day counts when the strategy was
 * on its step from midnight on; its return is the change of equity from its first mark to that of the next day, less what was moved, over what it began with. A stretch without a session counts to the day on which one
 * trades again.
 */
export const promotedRecord = (options: PromotedRecordOptions): PromotedRecord => {
  const { strategy, promotion, stage, instruments, hedge, stretchMs, tradedAs } = options;
  const fold = new RunFold(instruments, 0, { hedge });
  let share: number | null = null;
  let begun = NaN;
  let returns: number[] = [];
  let day = NaN;
  let opening = NaN;
  let moved = 0;
  const drift: Fact[] = [];

  const begin = (manifest: string, ts: number): void => {
    const traded = tradedAs(manifest);
    // A session of the account's other strategies says nothing of this one.
    if (traded === null) return;
    const as = traded.promotion;
    const next = as?.id === promotion && as.stage === stage ? as.share : null;
    if (next === share) return;
    share = next;
    begun = ts;
    returns = [];
    day = NaN;
    opening = NaN;
  };
  const marked = (now: number, equity: number): void => {
    if (share === null || now === day) return;
    if (!Number.isNaN(day) && opening > 0) returns.push((equity - moved) / opening - 1);
    // The day on which the step began was not all on it.
    if (now > Math.floor(begun / DAY)) {
      day = now;
      opening = equity;
      moved = 0;
    }
  };
  return {
    handle: fact => {
      if (fact.type === 'SessionStarted') return begin(fact.manifest, fact.ts);
      if (fact.strategy !== strategy) return;
      fold.apply(fact);
      switch (fact.type) {
        case 'RiskRemembered': {
          const [at, equity] = fact.day;
          if (typeof at === 'number' && typeof equity === 'number') marked(at, equity);
          return;
        }
        case 'CashMoved':
          if (MOVES.has(fact.kind)) moved += toMoney(fact.amount);
          return;
        case 'DriftChanged':
          drift.push(fact);
          return;
        default:
      }
    },
    get days() {
      return returns.length;
    },
    get since() {
      return begun;
    },
    get until() {
      return returns.length === 0 ? NaN : day * DAY;
    },
    get record() {
      const trips = roundTrips(fold.fills, fold.funding).filter(({ entryTs }) => entryTs >= begun);
      return {
        returns: [...returns],
        trades: { wins: trips.filter(({ netPnl }) => netPnl > 0).length, count: trips.length },
        drift: stretchMs === null ? null : forecastDrift(drift, stretchMs, begun),
      };
    },
  };
};
