import type { RiskState } from './state.js';

/** What a source asks of the account's state from now on. */
export interface RiskReport {
  /** Who asks, such as `daily-loss` or `operator`. */
  readonly source: string;
  readonly state: RiskState;
  readonly code: string;
  readonly text: string;
  /** Epoch ms at which it is over by itself; until the source says otherwise when left out. */
  readonly until?: number;
  /** For a source that is quiet again: ms that what it asked for before still holds, so that a source at its threshold does not make the account trade in and out. 0 when left out. */
  readonly calmForMs?: number;
}

/** A change of the account's state. */
export interface StateChange {
  readonly state: RiskState;
  readonly code: string;
  readonly text: string;
}

/** What all sources together allow: down at once, by the strictest of them, up when none asks for it any more. */
export interface StateBoard {
  readonly state: RiskState;
  /** A source reports; the change that follows, or null. Times are epoch ms. */
  report(report: RiskReport, now: number): StateChange | null;
  /** Time has passed; what has run out is over. */
  tick(now: number): StateChange | null;
  /**
   * A person takes trading up again: whatever halted, and whatever would end by itself, is forgiven. A source that has not said otherwise (drift, a lost connection) still asks for what it asked, and so
   * does `except`.
   */
  resume(code: string, text: string, except?: string): StateChange | null;
}

const RANK: Readonly<Record<RiskState, number>> = { ACTIVE: 0, REDUCING: 1, HALTED: 2 };

/** A board on which nobody has asked for anything. Of two sources that ask for the same the one with the smaller name is given as the reason. */
export const stateBoard = (): StateBoard => {
  const held = new Map<string, RiskReport>();
  let state: RiskState = 'ACTIVE';
  let nextEnd = Infinity;

  const settle = (said: StateChange): StateChange | null => {
    let worst: RiskReport | null = null;
    nextEnd = Infinity;
    for (const report of held.values()) {
      nextEnd = Math.min(nextEnd, report.until ?? Infinity);
      if (worst === null || RANK[report.state] > RANK[worst.state] || (report.state === worst.state && report.source < worst.source))
        worst = report;
    }
    const next = worst?.state ?? 'ACTIVE';
    if (next === state) return null;
    state = next;
    if (worst === null || said.state === next) return { ...said, state: next };
    return { state: next, code: worst.code, text: worst.text };
  };
  const expire = (now: number): void => {
    if (now < nextEnd) return;
    for (const [source, { until = Infinity }] of held) if (now >= until) held.delete(source);
  };
  return {
    get state() {
      return state;
    },
    report: (report, now) => {
      expire(now);
      const before = held.get(report.source);
      const { calmForMs = 0 } = report;
      if (report.state !== 'ACTIVE') held.set(report.source, report);
      else if (before !== undefined && calmForMs > 0 && before.state !== 'HALTED')
        held.set(report.source, { ...before, until: now + calmForMs });
      else held.delete(report.source);
      return settle(report);
    },
    tick: now => {
      if (now < nextEnd) return null;
      expire(now);
      return settle({ state: 'ACTIVE', code: 'calm', text: 'nothing is held against the account any more' });
    },
    resume: (code, text, except) => {
      for (const [source, report] of held)
        if (source !== except && (report.state === 'HALTED' || report.until !== undefined)) held.delete(source);
      return settle({ state: 'ACTIVE', code, text });
    },
  };
};
