import { column, type Feature } from '../feature.js';
import { barCount, featureKey } from '../parameters.js';
import { read, sourceKey, sourceOf, type SourceOption } from '../source.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';

/** Highest close (or other `source`, e.g. `high`) of the last `length` bars, this one included. */
export const highest = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('highest', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('highest', n, sourceKey(source)), n, () => {
    const maximum = rollingMaximum(n);
    return (bar, out, offset) => {
      out[offset] = maximum(read(bar, source));
    };
  });
};

/** Lowest close (or other `source`, e.g. `low`) of the last `length` bars, this one included. */
export const lowest = (length: number, options: SourceOption = {}): Feature<number> => {
  const n = barCount('lowest', 'length', length);
  const source = sourceOf(options);
  return column(featureKey('lowest', n, sourceKey(source)), n, () => {
    const minimum = rollingMinimum(n);
    return (bar, out, offset) => {
      out[offset] = minimum(read(bar, source));
    };
  });
};
