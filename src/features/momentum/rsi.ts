import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { delay } from '../windows/delay.js';
import { wilderFold } from '../windows/exponential-average.js';
import type { Fold } from '../windows/fold.js';
import { rollingSum } from '../windows/rolling-sum.js';

/** How gains and losses are averaged: Wilder's average, or a plain sum over the window. */
export type GainSmoothing = 'wilder' | 'sum';

/** Gains as a share of gains and losses over n steps, 0…1; a half when nothing moved. */
export const gainShare = (n: number, smoothing: GainSmoothing): Fold => {
  const last = delay(1);
  const gains = smoothing === 'wilder' ? wilderFold(n) : rollingSum(n);
  const losses = smoothing === 'wilder' ? wilderFold(n) : rollingSum(n);
  return x => {
    const change = x - last(x);
    const gain = gains(change < 0 ? 0 : change);
    const loss = losses(change > 0 ? 0 : -change);
    return gain + loss === 0 ? 0.5 : gain / (gain + loss);
  };
};

/** `smoothing`: `wilder` unless said; `sum` is Cutler's RSI, which does not depend on where the data began. */
export interface RsiOptions extends SourceOption {
  readonly smoothing?: GainSmoothing;
}

/**
 * Relative strength index, 0…100: average gain as a share of average gain plus average loss over `length` steps. 50 when nothing
 * moved. J. W. Wilder, New Concepts in Technical Trading Systems (1978).
 */
export const rsi = (length = 14, options: RsiOptions = {}): Feature<number> => {
  const n = barCount('rsi', 'length', length);
  const source = sourceOf(options);
  const smoothing = options.smoothing ?? 'wilder';
  return column(featureKey('rsi', n, sourceKey(source), unlessDefault('smoothing', smoothing, 'wilder')), n + 1, () => {
    const share = gainShare(n, smoothing);
    return (bar, out, offset) => {
      out[offset] = 100 * share(read(bar, source));
    };
  });
};
