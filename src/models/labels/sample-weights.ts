import { recency } from './recency.js';
import { averageUniqueness, type LabelSpans } from './uniqueness.js';

/** Labels to be weighted. */
export interface SampleWeightOptions extends LabelSpans {
  /** Age at which a row counts half; null weighs old rows like new ones. */
  readonly halfLifeMs: number | null;
}

/** How much each row counts in a training, mean 1: uniqueness of its label × recency. Labels that have not matured count 0. */
export const sampleWeights = ({ halfLifeMs, ...spans }: SampleWeightOptions): Float64Array => {
  const weight = averageUniqueness(spans);
  if (halfLifeMs !== null) {
    const age = recency(spans.openedAt, halfLifeMs);
    for (let i = 0; i < weight.length; i++) weight[i]! *= age[i]!;
  }
  let total = 0;
  for (const w of weight) total += w;
  return total > 0 ? weight.map(w => (w * weight.length) / total) : weight;
};
