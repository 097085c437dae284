import { UserError } from '../errors.js';
import { fillQuality } from '../metrics/fill-quality.js';
import { trackOf, type TrackInput } from '../metrics/track.js';
import type { PromotionConfig } from '../promotion/promotion-config.js';
import type { Expectation } from '../promotion/watch/expectation.js';
import { expectationOf } from '../promotion/watch/expectation-of.js';
import type { EvidenceSubject } from './evidence-subject.js';

/** What a taker paid over the path's price, basis points of what was traded; null where nothing was taken. */
const takerSlippage = ({ fills }: TrackInput): number | null => {
  const { taker } = fillQuality(fills, null);
  return taker.notional > 0 ? (taker.slippage / taker.notional) * 10_000 : null;
};

/** What a run lets expect of its strategy: null where it traded no days out of sample, or too few of them, or all alike. */
export const expectedOfRun = (
  run: string,
  { outcome, outOfSample, fingerprint }: Pick<EvidenceSubject, 'outcome' | 'outOfSample' | 'fingerprint'>,
  { falseAlarm, horizon }: PromotionConfig['watch'],
): Expectation | null => {
  if (outcome === null || !outOfSample) return null;
  const { returns, roundTrips } = trackOf(outcome);
  try {
    return expectationOf({
      run,
      returns,
      trades: { wins: roundTrips.filter(({ netPnl }) => netPnl > 0).length, count: roundTrips.length },
      slippageBps: takerSlippage(outcome),
      config: { falseAlarm, horizon },
      seed: fingerprint,
    });
  } catch (error) {
    if (error instanceof UserError) return null;
    throw error;
  }
};
