import { OUTCOMES } from '../forecast.js';
import type { Head } from './network.js';
import { logShares, softmaxLossAt } from './softmax-head.js';

/** Outcomes beyond this many scales count as at it, so that one crash does not set the widths of all components. */
const CLIP = 8;
/** No component is narrower, in scales: a density of one point would be infinite. */
const NARROWEST = 0.05;
/** Keeps the logarithm of a width where its exponential is finite. */
const WIDEST_LOG = 5;
const HALF_LOG_TWO_PI = 0.9189385332046727;

/**
 * Two answers from one hidden vector: three log-odds of the classes, judged by log loss, and a mixture of `components` normal densities of outcome ÷ scale, judged by
 * its log-likelihood; the loss is the sum. The forecast's mean and standard deviation are those of the mixture. Outputs: 3 log-odds, then the mixture's logits, means
 * and log-widths. Source: Bishop, Mixture density networks (1994).
 */
export const mixtureHead = (components: number): Head => {
  const outputs = OUTCOMES + 3 * components;
  const logits = OUTCOMES;
  const means = OUTCOMES + components;
  const widths = OUTCOMES + 2 * components;
  const share = new Float64Array(components);
  const widthAt = (values: Float64Array, at: number): number => NARROWEST + Math.exp(Math.min(WIDEST_LOG, values[at]!));
  /** Mixture weights of one window into `share`. */
  const weigh = (values: Float64Array, offset: number): void => {
    let top = -Infinity;
    for (let k = 0; k < components; k++) top = Math.max(top, values[offset + logits + k]!);
    let total = 0;
    for (let k = 0; k < components; k++) {
      const e = Math.exp(values[offset + logits + k]! - top);
      share[k] = e;
      total += e;
    }
    for (let k = 0; k < components; k++) share[k]! /= total;
  };
  const part = new Float64Array(components);
  return {
    outputs,
    bias: targets => {
      const bias = new Float64Array(outputs);
      bias.set(logShares(targets));
      // Means one scale apart about 0, widths 1.
      for (let k = 0; k < components; k++) bias[means + k] = k - (components - 1) / 2;
      return bias;
    },
    loss: (values, offset, label, outcome, gradient) => {
      const z = Math.max(-CLIP, Math.min(CLIP, outcome));
      const classLoss = softmaxLossAt(values, offset, label, gradient);
      weigh(values, offset);
      let top = -Infinity;
      for (let k = 0; k < components; k++) {
        const width = widthAt(values, offset + widths + k);
        const away = (z - values[offset + means + k]!) / width;
        part[k] = Math.log(share[k]!) - HALF_LOG_TWO_PI - Math.log(width) - 0.5 * away * away;
        top = Math.max(top, part[k]!);
      }
      let total = 0;
      for (let k = 0; k < components; k++) total += Math.exp(part[k]! - top);
      for (let k = 0; k < components; k++) {
        // What this component answers for of the outcome.
        const duty = Math.exp(part[k]! - top) / total;
        const width = widthAt(values, offset + widths + k);
        const away = (z - values[offset + means + k]!) / width;
        gradient[offset + logits + k] = share[k]! - duty;
        gradient[offset + means + k] = (-duty * away) / width;
        const bends = values[offset + widths + k]! < WIDEST_LOG ? width - NARROWEST : 0;
        gradient[offset + widths + k] = (duty * (1 - away * away) * bends) / width;
      }
      return classLoss - top - Math.log(total);
    },
    forecast: (values, _moments, scale, out) => {
      const top = Math.max(values[0]!, values[1]!, values[2]!);
      const down = Math.exp(values[0]! - top);
      const flat = Math.exp(values[1]! - top);
      const up = Math.exp(values[2]! - top);
      const total = down + flat + up;
      weigh(values, 0);
      let mean = 0;
      for (let k = 0; k < components; k++) mean += share[k]! * values[means + k]!;
      let variance = 0;
      for (let k = 0; k < components; k++) {
        const width = widthAt(values, widths + k);
        const away = values[means + k]! - mean;
        variance += share[k]! * (width * width + away * away);
      }
      out.down = down / total;
      out.flat = flat / total;
      out.up = up / total;
      out.mean = mean * scale;
      out.sd = Math.sqrt(variance) * scale;
    },
  };
};
