import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { wilderFold } from '../windows/exponential-average.js';

/** Wilder's moving average (RMA, SMMA): weight 1 ÷ length, begun with the mean of the first `length` values. */
export const rma = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('rma', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('rma', n, sourceKey(source)), n, () => {
    const average = wilderFold(n);
    return (bar, out, offset) => {
      out[offset] = average(read(bar, source));
    };
  });
};
