import { figure } from '../../experiments/evidence/figure-text.js';
import { normalQuantile } from '../../statistics/normal.js';
import type { GateEvidence } from './gate-inputs.js';
import type { GateResult } from './gate.js';
import { toWait } from './how-long.js';
import { cannotTell, fails, isKnown, passes } from './verdicts.js';

const NAME = { gate: 'deflated-sharpe', title: 'Deflated Sharpe' } as const;

/**
 * Days more until the same ratio reaches `limit`: the quantile of the deflated Sharpe ratio grows with the root of the length (Bailey & López de Prado, The Deflated Sharpe Ratio, 2014, eq. 2). Null where no length does.
 */
const daysMore = (dsr: number, limit: number, days: number | null): number | null => {
  const [now, wanted] = [normalQuantile(dsr), normalQuantile(limit)];
  return days !== null && now > 0 && Number.isFinite(wanted) ? days * ((wanted / now) * (wanted / now) - 1) : null;
};

/** The probability that the edge is real after all trials of the ledger. */
export const deflatedSharpeGate = ({ dsr, days }: Pick<GateEvidence, 'dsr' | 'days'>, limit: number): GateResult => {
  const { value } = dsr;
  if (!isKnown(value))
    return cannotTell(
      NAME,
      `The deflated Sharpe is not known: ${dsr.reason ?? 'it was not computed'}.`,
      'Walk it forward with a search, so that trials are on record, and make the evidence again.',
      { limit },
    );
  const figures = { figure: value, limit };
  if (value >= limit) return passes(NAME, `Deflated Sharpe ${figure(value)}; ${limit} is asked for.`, figures);
  const more = daysMore(value, limit, days);
  return fails(
    NAME,
    `Deflated Sharpe ${figure(value, 3)}, ${limit} is asked for.`,
    more === null
      ? 'No length of this record: luck among so many trials explains it. Begin with a better reason and fewer trials.'
      : `The same Sharpe ratio over ${toWait(more)} more.`,
    figures,
  );
};
