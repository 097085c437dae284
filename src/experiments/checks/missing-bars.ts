import { share } from '../evidence/figure-text.js';
import type { Check } from './check.js';
import { dataJitter } from './data-jitter.js';

/** One bar in a hundred lost at random, as feeds lose them: does the result hang on data being whole, or on single bars? */
export const missingBarsCheck = (draws = 5): Check => {
  const lost = 0.01;
  return dataJitter(
    {
      id: 'missing-bars',
      title: 'Missing bars',
      axis: 'bars missing, %',
      size: () => ({
        x: 100 * lost,
        words: `${share(lost, 0)} of the bars missing`,
        change: seed => ({ kind: 'missing-bars', share: lost, seed }),
      }),
    },
    draws,
  );
};
