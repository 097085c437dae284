import { column, type Feature } from '../feature.js';
import { barCount, featureKey, unlessDefault } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { gainShare, type GainSmoothing } from './rsi.js';

/** `smoothing`: `sum` (Chande's book, Tulip) unless said; `wilder` is TA-Lib's. */
export interface CmoOptions extends SourceOption {
  readonly smoothing?: GainSmoothing;
}

/** Chande momentum oscillator, −100…100: gains minus losses over gains plus losses of `length` steps; 0 when nothing moved. T. Chande (1994). */
export const cmo = (length = 14, options: CmoOptions = {}): Feature<number> => {
  const n = barCount('cmo', 'length', length);
  const source = sourceOf(options);
  const smoothing = options.smoothing ?? 'sum';
  return column(featureKey('cmo', n, sourceKey(source), unlessDefault('smoothing', smoothing, 'sum')), n + 1, () => {
    const share = gainShare(n, smoothing);
    return (bar, out, offset) => {
      out[offset] = 200 * share(read(bar, source)) - 100;
    };
  });
};
