import type { ForecastRecord } from '../forecast-record.js';
import { clippedLogLoss } from './mixture.js';

/** Cumulative regret in nats of log loss, by the moments at which outcomes became known, oldest first. Above 0 the ensemble was the worse choice. */
export interface RegretLedger {
  readonly ts: Float64Array;
  /** Outcomes counted so far. */
  readonly count: Float64Array;
  /** Against each member, over the outcomes that both had forecast: a model asleep is neither blamed nor praised. */
  readonly members: readonly { readonly model: string; readonly regret: Float64Array }[];
  /** Against the member that was the best choice so far, and which that is (of equals the first); only members that have spoken count, NaN while none has. */
  readonly againstBest: Float64Array;
  readonly best: Float64Array;
  /** Against the plain mean of the members awake. */
  readonly againstEqual: Float64Array;
}

/**
 * What choosing weights cost or gained, at any time: the ensemble against the best single model in hindsight and against equal weights. Outcomes are counted in the order in which they
 * became known. The ensemble is taken before its last calibration, which no rival had. Source: Freund, Schapire, Singer & Warmuth, Using and Combining Predictors That Specialize (1997).
 */
export const regretLedger = ({ length, maturedAt, outcome, models, probability, uncalibrated }: ForecastRecord): RegretLedger => {
  const rows: number[] = [];
  for (let i = 0; i < length; i++) if (outcome[i]! >= 0 && uncalibrated[3 * i]! >= 0) rows.push(i);
  rows.sort((a, b) => maturedAt[a]! - maturedAt[b]! || a - b);
  const ends: number[] = [];
  rows.forEach((row, k) => {
    if (k + 1 === rows.length || maturedAt[rows[k + 1]!] !== maturedAt[row]) ends.push(k);
  });
  const column = (): Float64Array => new Float64Array(ends.length);
  const ledger: RegretLedger = {
    ts: column(),
    count: column(),
    members: models.map(model => ({ model, regret: column() })),
    againstBest: column(),
    best: column(),
    againstEqual: column(),
  };
  const against = new Float64Array(models.length);
  const equal = new Float64Array(1);
  const spoke = new Uint8Array(models.length);
  let next = 0;
  ends.forEach((end, at) => {
    for (; next <= end; next++) {
      const row = rows[next]!;
      const place = 3 * row + outcome[row]!;
      const own = clippedLogLoss(uncalibrated[place]!);
      let [sum, awake] = [0, 0];
      for (let m = 0; m < models.length; m++) {
        const said = probability[m]![place]!;
        if (!(said >= 0)) continue;
        against[m]! += own - clippedLogLoss(said);
        spoke[m] = 1;
        sum += said;
        awake++;
      }
      if (awake > 0) equal[0]! += own - clippedLogLoss(sum / awake);
    }
    let best = -1;
    for (let m = 0; m < models.length; m++) if (spoke[m] === 1 && (best < 0 || against[m]! > against[best]!)) best = m;
    ledger.ts[at] = maturedAt[rows[end]!]!;
    ledger.count[at] = end + 1;
    ledger.members.forEach(({ regret }, m) => (regret[at] = against[m]!));
    ledger.best[at] = best < 0 ? NaN : best;
    ledger.againstBest[at] = best < 0 ? NaN : against[best]!;
    ledger.againstEqual[at] = equal[0]!;
  });
  return ledger;
};
