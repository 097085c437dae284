import { messageOf } from '../errors.js';
import type { RiskState } from '../risk/state.js';
import type { Fact } from '../events/fact.js';
import type { LiveClock } from '../live/live-clock.js';
import type { AuditLog } from '../promotion/audit/audit-log.js';
import type { AuditedPlace, AuditRecord, AuditWord } from '../promotion/audit/audit-record.js';
import type { UnwrittenWords } from './unwritten-audit.js';

/** What a session writes into the audit log, as it happens and in that order. It holds nothing up: what cannot be written yet waits. */
export interface SessionAudit {
  /** Words of a person, or of the session itself when nobody is named. */
  add(words: readonly AuditWord[], actor?: string): void;
  /** A fact of the session: what of it belongs into the log is added. */
  hear(fact: Fact): void;
  /** The session is over, whether it could still say so in its journal or not. */
  ended(code: string, text: string): void;
  /** Resolves when all is written, or after so long (wall ms); says how many words were not. */
  close(withinMs: number): Promise<number>;
}

export interface SessionAuditOptions {
  readonly log: Pick<AuditLog, 'append'>;
  readonly mode: 'paper' | 'live';
  readonly place: AuditedPlace;
  /** Ids of what is traded as promoted. */
  readonly promotions: readonly string[];
  readonly clock: LiveClock;
  /** The log does not take it. Called once for each time that it stops taking any. */
  readonly onFailure: (text: string) => void;
  /** Keeps what the log has not taken, for the next session: called with all that waits, before words that take rights away are sent, when more is said while some waits, and when the log took nothing; with nothing once it took all. */
  readonly keep?: (waiting: readonly UnwrittenWords[]) => Promise<void>;
}

const AGAIN_MS = 1_000;
const LONGEST_MS = 60_000;

/** What money is traded by after a crash: aside before the log is asked, which may take minutes to answer. */
const WEIGHTY: ReadonlySet<AuditWord['type']> = new Set<AuditWord['type']>(['StageLeft', 'RampStepped', 'RiskChanged']);

type Scope = Pick<SessionAuditOptions, 'mode' | 'place' | 'promotions'>;

/** What a fact of the account is in the audit log; null for most, which the journal alone has. */
const auditWord = (fact: Fact, { mode, place, promotions }: Scope, by: string): AuditWord | null => {
  switch (fact.type) {
    case 'SessionStarted': {
      const { epoch, manifest } = fact;
      return { type: 'SessionBegun', mode, epoch, manifest, promotions, ...place };
    }
    case 'RiskStateChanged': {
      const { state, code } = fact;
      const text = fact.strategy === '' ? fact.text : `${fact.strategy}: ${fact.text}`;
      return { type: 'RiskChanged', state, code, text, by, ...place };
    }
    case 'SettingChanged': {
      const { path, before, after, direction, reason } = fact;
      return { type: 'LimitChanged', path, before, after, direction, by: fact.by, reason, ...place };
    }
    case 'AlarmRaised':
      return fact.severity === 'critical' ? { type: 'AlarmChanged', code: fact.code, raised: true, text: fact.text, ...place } : null;
    case 'AlarmCleared':
      return { type: 'AlarmChanged', code: fact.code, raised: false, text: '', ...place };
    default:
      return null;
  }
};

/** What is said of the account's state when a session begins and the log has another: what was done while none ran, such as by a watchdog, is not in the journal. */
export const riskAtStart = (records: readonly AuditRecord[], place: AuditedPlace, state: RiskState): readonly AuditWord[] => {
  const last = records.findLast(
    ({ word }) =>
      word.type === 'RiskChanged' && word.account === place.account && word.venue === place.venue && word.practice === place.practice,
  )?.word;
  if (last?.type !== 'RiskChanged' || last.state === state) return [];
  return [{ type: 'RiskChanged', state, code: 'begun', text: 'as the session began', by: `session:${place.account}`, ...place }];
};

/** Begins empty. */
export const sessionAudit = (options: SessionAuditOptions): SessionAudit => {
  const { log, place, clock, onFailure, keep = () => Promise.resolve() } = options;
  const self = `session:${place.account}`;
  const waiting: { readonly actor: string; readonly words: AuditWord[] }[] = [];
  /** Alarms that are no more than warnings: neither they nor their end is recorded. */
  const warnings = new Set<string>();
  let commander = self;
  let epoch = 0;
  let isEnded = false;
  let running: Promise<void> | null = null;
  let isFailing = false;
  let isKept = false;
  let isChanged = false;
  let keeping: Promise<void> | null = null;
  let isOver = false;
  let wake: () => void = () => {};

  const pause = (ms: number): Promise<void> =>
    new Promise(resolve => {
      const cancel = clock.after(ms, resolve);
      wake = () => {
        cancel();
        resolve();
      };
    });
  /** A disk that does not take it either is told of by the alarm that is up already. */
  const putAside = (): Promise<void> => {
    isChanged = true;
    keeping ??= (async () => {
      // One after another, or an older state could be the last to reach the disk.
      while (isChanged) {
        isChanged = false;
        isKept = waiting.length > 0;
        await keep(waiting).catch(() => undefined);
      }
    })().finally(() => (keeping = null));
    return keeping;
  };
  const write = async (): Promise<void> => {
    for (let wait = AGAIN_MS; waiting.length > 0 && !isOver;) {
      const first = waiting[0]!;
      if (first.words.some(({ type }) => WEIGHTY.has(type))) await putAside();
      // What is added while this is on its way is for the next.
      const words = [...first.words];
      try {
        await log.append(first.actor, words);
        first.words.splice(0, words.length);
        if (first.words.length === 0) waiting.shift();
        isFailing = false;
        wait = AGAIN_MS;
        if (isKept) await putAside();
      } catch (error) {
        if (!isFailing) onFailure(messageOf(error));
        isFailing = true;
        await putAside();
        await pause(wait);
        wait = Math.min(wait * 2, LONGEST_MS);
      }
    }
  };
  const start = (): void => {
    running ??= write().finally(() => (running = null));
  };
  const add = (words: readonly AuditWord[], actor = self): void => {
    if (words.length === 0) return;
    const last = waiting.at(-1);
    if (last?.actor === actor) last.words.push(...words);
    else waiting.push({ actor, words: [...words] });
    if (running !== null) void putAside();
    start();
  };
  const ended = (code: string, text: string): void => {
    if (isEnded || epoch === 0) return;
    isEnded = true;
    add([{ type: 'SessionEnded', epoch, code, text, ...place }]);
  };
  return {
    add,
    ended,
    hear: fact => {
      if (fact.type === 'OperatorCommanded') {
        const { command, by, reason } = fact;
        commander = by;
        // What was asked for on the command line is recorded there; this is what arrived.
        add([{ type: 'CommandGiven', verb: `session ${command}`, words: [place.account, reason] }], by);
        return;
      }
      if (fact.type === 'AlarmRaised') {
        if (fact.severity === 'warning') warnings.add(fact.code);
        else warnings.delete(fact.code);
      }
      if (fact.type === 'AlarmCleared' && warnings.delete(fact.code)) return;
      if (fact.type === 'SessionStarted') epoch = fact.epoch;
      if (fact.type === 'SessionStopped') return ended(fact.code, fact.text);
      const isCommanded = 'code' in fact && fact.code === 'operator';
      const word = auditWord(fact, options, isCommanded ? commander : self);
      if (word !== null) add([word]);
    },
    close: async withinMs => {
      // One more try at once for what waits.
      wake();
      let cancel = (): void => {};
      const late = new Promise<void>(resolve => (cancel = clock.after(withinMs, resolve)));
      await Promise.race([running ?? Promise.resolve(), late]);
      cancel();
      isOver = true;
      wake();
      if (isKept || waiting.length > 0) await putAside();
      return waiting.reduce((sum, { words }) => sum + words.length, 0);
    },
  };
};
