import { messageOf } from '../errors.js';
import type { Fact } from '../events/fact.js';
import type { CancelTimer, LiveClock } from '../live/live-clock.js';
import type { AuditStore } from '../promotion/audit/audit-log.js';
import type { AuditedPlace, AuditRecord } from '../promotion/audit/audit-record.js';
import type { PromotionConfig } from '../promotion/promotion-config.js';
import type { PromotionState } from '../promotion/promotion-state.js';
import { demoteWords, stepDownWords } from '../promotion/ramp.js';
import { foldPromotions, isSamePlace } from '../promotion/stages.js';
import type { Expectation, MonitorVerdict } from '../promotion/watch/expectation.js';
import { judgeLive } from '../promotion/watch/judge-live.js';
import type { LiveRecord } from '../promotion/watch/live-record.js';
import type { RiskState } from '../risk/state.js';
import { DAY } from '../time.js';
import type { PromotedRecord } from './promoted-record.js';
import type { SessionAudit } from './session-audit.js';

/** One promotion that the session trades. */
export interface Supervised {
  readonly promotion: string;
  readonly strategy: string;
  readonly share: number;
  readonly expectation: Expectation;
  readonly record: PromotedRecord;
}

/** What the parity of a day came to. */
export interface ParityOutcome {
  readonly passed: boolean;
  readonly sentence: string;
}

export interface SupervisorOptions {
  readonly mode: 'paper' | 'live';
  readonly place: AuditedPlace;
  readonly promoted: readonly Supervised[];
  readonly config: PromotionConfig;
  readonly clock: LiveClock;
  /** One that is waited for shortly: alarms wait behind a look. */
  readonly log: Pick<AuditStore, 'read' | 'mark'>;
  readonly audit: Pick<SessionAudit, 'add'>;
  /** An alarm: the account opens nothing more, or is closed too; null only tells people. */
  readonly restrict: (alarm: { readonly code: string; readonly text: string }, how: 'reduce' | 'flatten' | null) => void;
  /** Parity of a strategy over a UTC day of market time; null leaves it out. Rejects when it could not be told. */
  readonly parity: ((strategy: string, from: number, to: number) => Promise<ParityOutcome>) | null;
  /** The account's state of risk now. */
  readonly risk: () => RiskState;
  /** What its fills paid since its step began. */
  readonly slippage: (of: Supervised) => Promise<LiveRecord['slippage']>;
  /** Something that it could not do, for the log. */
  readonly onTrouble: (text: string) => void;
}

/** Watches over what a session trades as promoted. */
export interface SessionSupervisor {
  /** Judges what came before, then goes on day by day. */
  start(): void;
  handle(fact: Fact): void;
  /** Resolves when nothing is under way any more. */
  settled(): Promise<void>;
  close(): void;
}

/** Wall ms between two looks at whether somebody else has taken a promotion back. */
const LOOK_MS = 60_000;

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;

const WEEK = 7 * DAY;

/** How a promotion has fallen in this session; it falls no further than there is. */
interface Fall {
  depth: 'none' | 'stepped' | 'gone';
  /** Close of the last day that was complete by then: later days were not free to trade, and differ from any backtest. */
  after: number;
}

/**
 * At each UTC day of market time each promotion is judged: what it did against what was expected of it, and what the session did against the backtest of the day. An alarm takes from the session first, then is told to the
 * audit log with what follows for the promotion. On paper an alarm is told and nothing follows. Only what is in the journal is judged, so that a restart comes to the same.
 */
export const sessionSupervisor = (options: SupervisorOptions): SessionSupervisor => {
  const { mode, place, promoted, config, clock, log, audit, restrict, risk, parity, slippage, onTrouble } = options;
  const how = mode === 'paper' ? null : config.watch.onAlarm;
  /** UTC days on some of which the account was held back by a person or a limit of its own: no backtest does the same. */
  const heldBack = new Set<number>();
  const falls = new Map(promoted.map(({ promotion }): [string, Fall] => [promotion, { depth: 'none', after: Infinity }]));
  /** Promotions as they were when the log was read last. */
  const states = new Map<string, PromotionState>();
  /** Ends of the newest days that were judged and compared. */
  const judged = new Map<string, number>();
  const compared = new Map<string, number>();
  /** What was said last of each monitor of each promotion, and up to which day: the record needs every change and a word a week, not one a day. */
  const said = new Map<string, { readonly verdict: string; readonly until: number }>();
  let jobs: Promise<void> = Promise.resolve();
  let timer: CancelTimer | null = null;
  let isClosed = false;

  const job = (what: string, run: () => Promise<void>): void => {
    const before = jobs;
    const inTurn = async (): Promise<void> => {
      await before;
      if (isClosed) return;
      try {
        await run();
      } catch (error) {
        if (!isClosed) onTrouble(`${what}: ${messageOf(error)}`);
      }
    };
    jobs = inTurn();
  };
  const fell = (fall: Fall, depth: 'stepped' | 'gone', { record }: Supervised): void => {
    if (fall.depth === 'none') fall.after = record.days === 0 ? -Infinity : record.until;
    fall.depth = depth;
  };
  /** From the session at once; what follows for the promotion needs the log, and is made up for with the next day where that cannot be read. */
  const alarm = async (each: Supervised, code: string, text: string): Promise<void> => {
    const { promotion, share } = each;
    const fall = falls.get(promotion)!;
    if (fall.depth === 'gone' || (fall.depth === 'stepped' && code !== 'parity-breach')) return;
    restrict({ code, text }, how);
    if (mode === 'paper') return fell(fall, 'stepped', each);
    if (!states.has(promotion)) await looked();
    const state = states.get(promotion);
    if (state === undefined) return onTrouble(`${promotion} is not in the audit log: it was not taken down`);
    // Its own step: whatever the log has come to meanwhile, this session has traded this share.
    const live = state.places.live && { ...state.places.live, share: Math.min(share, state.places.live.share) };
    const now: PromotionState = { ...state, places: live ? { ...state.places, live } : state.places };
    const words = code === 'parity-breach' ? demoteWords(now, code, text) : stepDownWords(now, config, code, text);
    fell(fall, words.some(({ type }) => type === 'StageLeft') ? 'gone' : 'stepped', each);
    audit.add(words);
  };
  /** What others have made of the promotions since. */
  const look = (records: readonly AuditRecord[]): void => {
    const promotions = foldPromotions(records);
    for (const each of promoted) {
      const { promotion, share, strategy } = each;
      const state = promotions.find(promotion);
      if (state === null) continue;
      states.set(promotion, state);
      const there = state.places[mode];
      const at = there !== undefined && isSamePlace(there, place) ? there : undefined;
      const fall = falls.get(promotion)!;
      if (fall.depth !== 'none' || (at !== undefined && at.share >= share)) continue;
      fell(fall, at === undefined ? 'gone' : 'stepped', each);
      const [last] = state.history.slice(-1);
      const text =
        at === undefined
          ? `${strategy} is ${there === undefined ? state.stage : `${mode} on ${there.account}`}`
          : `${strategy} was stepped down to ${percent(at.share)}`;
      restrict({ code: 'promotion-ended', text: `${text}${last ? `: ${last.text}` : ''}` }, 'reduce');
    }
  };
  /** The log as it was at the last look. */
  let seen: { readonly mark: string; readonly records: readonly AuditRecord[] } | null = null;
  /** Reads and checks the log only when somebody has written: most minutes nobody has. */
  const looked = async (): Promise<readonly AuditRecord[]> => {
    const mark = await log.mark();
    if (seen?.mark !== mark) seen = { mark, records: await log.read() };
    look(seen.records);
    return seen.records;
  };
  const judge = async (each: Supervised): Promise<void> => {
    const { promotion, expectation, record, strategy } = each;
    judged.set(promotion, record.until);
    const verdicts = judgeLive(expectation, { ...record.record, slippage: await slippage(each) });
    const told = verdicts.filter(
      (verdict): verdict is MonitorVerdict & { verdict: 'inside' | 'alarm' } => verdict.verdict !== 'cannot-tell',
    );
    for (const { monitor, verdict, sentence } of told) {
      const key = `${promotion}|${monitor}`;
      const last = said.get(key);
      if (last?.verdict === verdict && record.until - last.until < WEEK) continue;
      said.set(key, { verdict, until: record.until });
      audit.add([{ type: 'ExpectationJudged', promotion, monitor, verdict, sentence, ...place }]);
    }
    const loud = told.filter(({ verdict }) => verdict === 'alarm');
    if (loud.length > 0) await alarm(each, 'live-against-expected', `${strategy}: ${loud.map(({ sentence }) => sentence).join(' ')}`);
  };
  const compare = async (each: Supervised, until: number): Promise<void> => {
    if (parity === null || mode === 'paper' || !config.watch.nightly || compared.get(each.promotion) === until) return;
    if (until > falls.get(each.promotion)!.after) return;
    if (heldBack.has(until / DAY - 1)) {
      compared.set(each.promotion, until);
      return onTrouble(`${each.strategy}: the account was not free to trade all day, which is not compared with its backtest`);
    }
    compared.set(each.promotion, until);
    const { passed, sentence } = await parity(each.strategy, until - DAY, until);
    if (!passed) await alarm(each, 'parity-breach', `${each.strategy}: ${sentence}`);
  };
  const ended = (each: Supervised): void => {
    const { until } = each.record;
    judged.set(each.promotion, until);
    job('live against expected', () => judge(each));
    job('a look at the audit log', async () => void (await looked()));
    job('parity', () => compare(each, until));
  };
  const beat = (): void => {
    if (isClosed) return;
    job('a look at the audit log', async () => void (await looked()));
    timer = clock.after(LOOK_MS, beat);
  };
  return {
    start: () => {
      job('what is promoted', async () => {
        const records = await looked();
        for (const { seq, word } of records)
          if (word.type === 'ExpectationJudged' && seq > (states.get(word.promotion)?.places[mode]?.seq ?? -1))
            said.set(`${word.promotion}|${word.monitor}`, {
              verdict: word.verdict,
              until: promoted.find(({ promotion }) => promotion === word.promotion)?.record.until ?? NaN,
            });
        const certified = (promotion: string): number =>
          records.reduce(
            (last, { word }) =>
              word.type === 'ParityCertified' && word.promotion === promotion && word.account === place.account
                ? Math.max(last, word.to)
                : last,
            -Infinity,
          );
        for (const each of promoted) {
          const { promotion, record } = each;
          if (record.days === 0) continue;
          await judge(each);
          const { until } = record;
          if (certified(promotion) < until) job('parity', () => compare(each, until));
        }
      });
      timer = clock.after(LOOK_MS, beat);
    },
    handle: fact => {
      if (risk() !== 'ACTIVE') heldBack.add(Math.floor(fact.ts / DAY));
      for (const each of promoted) {
        const { record, promotion } = each;
        const before = judged.get(promotion) ?? record.until;
        record.handle(fact);
        // NaN before the first day.
        if (record.days > 0 && !(record.until <= before)) ended(each);
      }
    },
    settled: async () => {
      for (let last: Promise<void> | null = null; last !== jobs; await last) last = jobs;
    },
    close: () => {
      isClosed = true;
      timer?.();
    },
  };
};
