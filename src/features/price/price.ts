import { column, type Feature } from '../feature.js';
import { featureKey } from '../parameters.js';
import { read, sourceOf, type Source } from '../source.js';

/** A number of the bar itself: a field, or a mean such as the typical price `hlc3`. */
export const price = (source: Source = 'close'): Feature<number> => {
  sourceOf({ source });
  return column(featureKey('price', source), 1, () => (bar, out, offset) => {
    const x = read(bar, source);
    out[offset] = Number.isFinite(x) ? x : NaN;
  });
};
