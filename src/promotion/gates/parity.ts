import { figure } from '../../experiments/evidence/figure-text.js';
import { timeframeMs, timeframe as checked } from '../../market/timeframe.js';
import { DAY } from '../../time.js';
import { certifiedTime } from './certified-time.js';
import type { GateParity, LiveInputs } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { lasted } from './how-long.js';
import { cannotTell, fails, isKnown, passes } from './verdicts.js';

const NAME = { gate: 'parity', title: 'Parity' } as const;

/** Bars at either end of a session that a backtest of it may leave out: the one that was running, and those that the session saw together while it started. */
const BARS_AT_ENDS = 4;
/** Of the time beside that: a session that was away for a moment. */
const SLACK = 0.02;

interface Tolerance {
  readonly bps: number;
  readonly unexplained: number;
}

/** Whether a certificate holds by a tolerance: it passed by one no looser than this, and its gap is within this one. */
export const holds = ({ passed, bps, tolerance }: GateParity, { bps: most, unexplained }: Tolerance): boolean =>
  passed && tolerance.unexplained <= unexplained && (isKnown(bps) ? Math.abs(bps) <= most : tolerance.bps <= most);

/** Does the backtest do what the paper sessions did? Every moment on paper must be under a certificate that holds; the newest one decides. */
export const parityGate = (
  { paper, parity, session }: Pick<LiveInputs, 'paper' | 'parity' | 'session'>,
  tolerance: Tolerance,
): GateResult => {
  const limit = tolerance.bps;
  const certify = 'Certify it: quantai parity, with the account on paper.';
  if (paper === null || parity === null)
    return cannotTell(NAME, 'Paper sessions or their certificates could not be read.', certify, { limit });
  const { all, without, deciding } = certifiedTime(paper.stretches, parity);
  const gaps = deciding.flatMap(({ bps }) => (isKnown(bps) ? [Math.abs(bps)] : []));
  const worst = gaps.length === 0 ? null : Math.max(...gaps);
  const figures = { figure: worst, limit };
  const broken = deciding.find(each => !holds(each, tolerance));
  if (broken !== undefined)
    return fails(
      NAME,
      isKnown(broken.bps)
        ? `A certificate does not hold: paper and backtest are ${figure(broken.bps, 2)} bp of the turnover apart (${limit} bp and ${figure(tolerance.unexplained * 100, 0)}% unexplained are allowed).`
        : 'A certificate does not hold, and it covers no turnover.',
      'Read its page for the cause, mend that, and trade on paper again; certify with the tolerance of the gates.',
      figures,
    );
  if (all === 0)
    return cannotTell(NAME, 'There is no time on paper to certify.', 'Begin one: quantai paper, with the promoted account.', figures);
  const slack = BARS_AT_ENDS * timeframeMs(checked(session.config.timeframe)) * paper.stretches.length + SLACK * all;
  if (deciding.length === 0 || without > slack)
    return cannotTell(NAME, `No certificate covers ${lasted(without / DAY)} of ${lasted(all / DAY)} on paper.`, certify, figures);
  return passes(
    NAME,
    worst === null
      ? 'Paper and backtest agree; nothing was traded that could differ.'
      : `Paper and backtest are at most ${figure(worst, 2)} bp of the turnover apart; ${limit} bp are allowed.`,
    figures,
  );
};
