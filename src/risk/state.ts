import { usageError } from '../errors.js';
import type { DriftLevel } from '../models/drift/drift-detector.js';

/** ACTIVE trades; REDUCING lets only reductions through; HALTED closes what is open and lets nothing through but reduce-only orders. */
export type RiskState = 'ACTIVE' | 'REDUCING' | 'HALTED';

/** A change of the account's risk state: from now on new entries are sized by `factor`, 1 whole, 0 none. */
export interface RiskDecision {
  readonly state: RiskState;
  readonly factor: number;
  readonly code: string;
  readonly text: string;
}

/** How warnings are answered. */
export interface RiskStateOptions {
  /** Size factor while a source warns, 0 to 1. 0.5 when left out. */
  readonly warningFactor?: number;
  /** Time, ms, that every source must have been quieter before the state recovers. A day when left out. */
  readonly calmForMs?: number;
}

/** The account's risk state, moved by what its sources report. Times are epoch ms and do not run back. */
export interface RiskStateMachine {
  readonly state: RiskState;
  readonly factor: number;
  /** A source, such as `calibration`, is at this level from now on. */
  observe(source: string, level: DriftLevel, now: number): readonly RiskDecision[];
  /** Time has passed; what was loud long ago is forgiven. */
  tick(now: number): readonly RiskDecision[];
  /** Stop for good, for this reason. */
  halt(code: string, text: string): readonly RiskDecision[];
}

const RANK: Readonly<Record<DriftLevel, number>> = { none: 0, warning: 1, drift: 2 };

/** What one source reports, and the last moments at which it was at `warning` or worse, and at `drift`. */
interface Report {
  readonly level: DriftLevel;
  readonly warnedAt: number;
  readonly driftedAt: number;
}

const heard = (before: Report | undefined, level: DriftLevel, now: number): Report => {
  // A level holds up to the report that ends it.
  const rank = Math.max(RANK[level], RANK[before?.level ?? 'none']);
  return {
    level,
    warnedAt: rank >= RANK.warning ? now : (before?.warnedAt ?? -Infinity),
    driftedAt: rank >= RANK.drift ? now : (before?.driftedAt ?? -Infinity),
  };
};

/** The worst level of one source within the last `calmForMs`. */
const recentLevel = ({ level, warnedAt, driftedAt }: Report, now: number, calmForMs: number): DriftLevel => {
  if (level === 'drift' || now - driftedAt < calmForMs) return 'drift';
  return level === 'warning' || now - warnedAt < calmForMs ? 'warning' : 'none';
};

/**
 * Moves between ACTIVE, ACTIVE at a smaller size, and REDUCING: down at once, by the worst of all sources; up only when every source has been quieter for `calmForMs`, so that
 * a source at its threshold does not make the account trade in and out. HALTED never ends by itself. Every change is returned, as data, when it happens; nothing when
 * nothing changes. Throws a usage error for settings out of range.
 */
export const riskStateMachine = (options: RiskStateOptions = {}): RiskStateMachine => {
  const { warningFactor = 0.5, calmForMs = 86_400_000 } = options;
  if (!(warningFactor >= 0 && warningFactor <= 1))
    throw usageError('bad-risk-state', `warningFactor is ${warningFactor}.`, 'It is from 0 to 1.');
  if (!(calmForMs >= 0 && calmForMs < Infinity)) throw usageError('bad-risk-state', `calmForMs is ${calmForMs}.`, 'It is 0 ms or more.');
  const reports = new Map<string, Report>();
  let latest = -Infinity;
  let now: RiskDecision = { state: 'ACTIVE', factor: 1, code: 'calm', text: 'nothing has been reported' };

  const decide = (): RiskDecision => {
    let worst: DriftLevel = 'none';
    let sources: string[] = [];
    for (const [source, report] of reports) {
      const level = recentLevel(report, latest, calmForMs);
      if (RANK[level] > RANK[worst]) [worst, sources] = [level, []];
      if (level === worst) sources.push(source);
    }
    const names = sources.sort().join(', ');
    const hours = `${calmForMs / 3_600_000} h`;
    if (worst === 'drift')
      return { state: 'REDUCING', factor: 0, code: 'drift', text: `${names}: drift now or within ${hours}; only reductions pass` };
    if (worst === 'warning')
      return {
        state: 'ACTIVE',
        factor: warningFactor,
        code: 'drift-warning',
        text: `${names}: a warning now or within ${hours}; entries are sized by ${warningFactor}`,
      };
    return { state: 'ACTIVE', factor: 1, code: 'calm', text: `every source has been quiet for ${hours}` };
  };
  const evolve = (decision: RiskDecision): readonly RiskDecision[] => {
    const same = decision.state === now.state && decision.factor === now.factor;
    if (now.state === 'HALTED' || same) return [];
    now = decision;
    return [decision];
  };
  const at = (time: number): void => {
    latest = Math.max(latest, time);
  };
  return {
    get state() {
      return now.state;
    },
    get factor() {
      return now.factor;
    },
    observe: (source, level, time) => {
      at(time);
      reports.set(source, heard(reports.get(source), level, latest));
      return evolve(decide());
    },
    tick: time => {
      at(time);
      // Time only forgives: where nothing is held against the account there is nothing to decide, bar after bar.
      return now.factor === 1 ? [] : evolve(decide());
    },
    halt: (code, text) => evolve({ state: 'HALTED', factor: 0, code, text }),
  };
};
