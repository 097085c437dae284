import type { EnsembleRule } from './ensemble-rule.js';
import { mixture } from './mixture.js';

const equal = (awake: Uint8Array, out: Float64Array): void => {
  let n = 0;
  for (let m = 0; m < awake.length; m++) n += awake[m]!;
  for (let m = 0; m < awake.length; m++) out[m] = awake[m] === 1 ? 1 / n : 0;
};

/** Every model awake weighs the same, always: hard to beat where models are alike and history is short (Clemen 1989), and what other rules are measured against. */
export const equalWeight = (): EnsembleRule => ({
  kind: 'equal-weight',
  options: {},
  create: models => {
    const own = new Float64Array(models);
    return {
      weights: equal,
      learn: () => undefined,
      combine: (probability, awake, out) => {
        equal(awake, own);
        mixture(probability, awake, own, out);
      },
      state: () => null,
    };
  },
});
