import { sum } from '../../numeric/sum.js';
import { OUTCOMES } from '../forecast.js';
import { TEN_EQUAL_COUNT, type Binning } from './bins.js';
import { brierScores } from './brier.js';
import { classColumns } from './class-columns.js';
import { reliabilityRows } from './reliability.js';
import { scoreMean } from './score-mean.js';

/** Where a Brier score comes from: `score` = reliability − resolution + uncertainty + within. */
export interface BrierDecomposition {
  /** Mean Brier score of the forecasts as they are. */
  readonly score: number;
  /** Cost of probabilities that do not mean what they say, ≥ 0; 0 is best. */
  readonly reliability: number;
  /** Gain from telling occasions apart, ≥ 0; 0 for a forecast that never changes. */
  readonly resolution: number;
  /** What is there to be known: the score of always forecasting the overall frequencies. */
  readonly uncertainty: number;
  /** What differences of forecasts inside the groups add or save; 0 when forecasts of a group are equal. */
  readonly within: number;
}

/**
 * Brier score taken apart class by class over groups of that class's probability, with the half of `brierScores`. NaN throughout without rows.
 * Source: A. H. Murphy, A New Vector Partition of the Probability Score, Journal of Applied Meteorology 12 (1973); the part inside the groups after
 * Stephenson, Coelho & Jolliffe, Weather and Forecasting 23 (2008).
 */
export const brierDecomposition = (
  probability: Float64Array,
  outcome: Float64Array,
  { classes = OUTCOMES, binning = TEN_EQUAL_COUNT }: { classes?: number; binning?: Binning } = {},
): BrierDecomposition => {
  const { mean: score } = scoreMean(brierScores(probability, outcome, classes));
  let [reliability, resolution, uncertainty] = [0, 0, 0];
  for (let k = 0; k < classes; k++) {
    const { forecast, happened } = classColumns(probability, outcome, classes, k);
    const rows = reliabilityRows(forecast, happened, { binning });
    const n = sum(rows.map(r => r.count));
    const base = sum(rows.map(r => r.count * r.observed)) / n;
    reliability += sum(rows.map(r => r.count * (r.forecast - r.observed) * (r.forecast - r.observed))) / n / 2;
    resolution += sum(rows.map(r => r.count * (r.observed - base) * (r.observed - base))) / n / 2;
    uncertainty += (base * (1 - base)) / 2;
  }
  return { score, reliability, resolution, uncertainty, within: score - (reliability - resolution + uncertainty) };
};
