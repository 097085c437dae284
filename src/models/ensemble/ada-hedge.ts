import type { EnsembleRule } from './ensemble-rule.js';
import { LARGEST_LOSS } from './hedge.js';
import { clippedLogLoss, mixture, softmaxWeights } from './mixture.js';

/**
 * AdaHedge: exponential weights whose rate η = ln N ÷ Δ is set by the mixability gap Δ seen so far (ensemble loss − mix loss, summed), so that nothing need be known beforehand. Its
 * weighted mean loss exceeds that of the best model by at most 2 Δ ≤ 2 √(V ln N) + 4/3 ln N + 2, with V the summed variance of the losses under the weights, all in scaled losses (log
 * loss clipped at 9.2 nats ÷ 9.2), for any sequence of outcomes that are each known before the next forecast. Where no model says less than 10⁻⁴ the mixture's own loss is not above that
 * mean. A model asleep is charged what the ensemble is. Sources: de Rooij, van Erven, Grünwald & Koolen, JMLR 15 (2014), section 2; Freund et al. (1997) for sleep.
 */
export const adaHedge = (): EnsembleRule => ({
  kind: 'ada-hedge',
  options: {},
  create: (models, state) => {
    const stored = state as { readonly loss: readonly number[]; readonly gap: number } | undefined;
    const loss = Float64Array.from({ length: models }, (_, m) => stored?.loss[m] ?? 0);
    const gap = new Float64Array([stored?.gap ?? 0]);
    const score = new Float64Array(models);
    const own = new Float64Array(models);
    const step = new Float64Array(models);
    const none = new Float64Array(models);
    const rate = (): number => (gap[0]! > 0 ? Math.log(Math.max(2, models)) / gap[0]! : Infinity);
    const weights = (awake: Uint8Array, out: Float64Array): void => {
      const eta = rate();
      let least = Infinity;
      for (let m = 0; m < models; m++) if (awake[m] === 1 && loss[m]! < least) least = loss[m]!;
      // Before any gap the rate is unbounded: those with the least loss share the weight.
      for (let m = 0; m < models; m++) score[m] = loss[m] === least ? 0 : eta === Infinity ? -1e300 : -eta * (loss[m]! - least);
      softmaxWeights(score, awake, out);
    };
    /** −ln(mean of e^(−η × (loss so far + extra))) ÷ η over those awake, but for a constant: the least of them at an unbounded rate. */
    const mixLevel = (awake: Uint8Array, extra: Float64Array, eta: number): number => {
      let least = Infinity;
      for (let m = 0; m < models; m++) if (awake[m] === 1) least = Math.min(least, loss[m]! + extra[m]!);
      if (eta === Infinity) return least;
      let total = 0;
      for (let m = 0; m < models; m++) if (awake[m] === 1) total += Math.exp(-eta * (loss[m]! + extra[m]! - least));
      return least - Math.log(total) / eta;
    };
    return {
      weights,
      learn: (probability, awake, label) => {
        // Nobody spoke: there is no mean to charge.
        if (!awake.includes(1)) return;
        weights(awake, own);
        const eta = rate();
        let charged = 0;
        for (let m = 0; m < models; m++) {
          step[m] = awake[m] === 1 ? clippedLogLoss(probability[3 * m + label]!) / LARGEST_LOSS : 0;
          charged += own[m]! * step[m]!;
        }
        // From cumulative losses, not from weights: one that has sunk to nothing may be overtaking.
        const mix = mixLevel(awake, step, eta) - mixLevel(awake, none, eta);
        gap[0]! += Math.max(0, charged - mix);
        for (let m = 0; m < models; m++) loss[m]! += awake[m] === 1 ? step[m]! : charged;
        const level = Math.min(...loss);
        for (let m = 0; m < models; m++) loss[m]! -= level;
      },
      combine: (probability, awake, out) => {
        weights(awake, own);
        mixture(probability, awake, own, out);
      },
      state: () => ({ loss: Array.from(loss), gap: gap[0]! }),
    };
  },
});
