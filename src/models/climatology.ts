import { usageError } from '../errors.js';
import { momentsAt, requireCheckpoint } from './checkpoint-body.js';
import { classMoments, mixtureForecast } from './class-moments.js';
import { OUTCOMES } from './forecast.js';
import type { Forecaster } from './forecaster.js';

/** How the shares are taken. */
export interface ClimatologyOptions {
  /** Rows of weight 1 that every class is given beforehand, so that what was never seen is not called impossible; 1 when left out. */
  readonly smoothing?: number;
}

const KIND = 'climatology';

/**
 * What happened on average: every row gets the weighted class shares of the training rows, by Laplace's rule of succession, and the moments of
 * `outcome / scale`. It looks at no feature. A model that does not beat it out of sample has learned nothing that pays. One class alone
 * is enough for it; no rows at all are a usage error.
 * Source: Laplace, Essai philosophique sur les probabilités (1814); the name is that of the reference forecast in meteorology (Murphy 1973).
 */
export const climatology = ({ smoothing = 1 }: ClimatologyOptions = {}): Forecaster => {
  if (!(smoothing > 0 && Number.isFinite(smoothing)))
    throw usageError('bad-climatology', `${smoothing} is not a number of rows to add to every class.`, 'Use 1.');
  return {
    kind: KIND,
    options: { smoothing },
    lookback: 1,
    fit: (rows, _seed, { signal, onProgress } = {}) => {
      signal?.throwIfAborted();
      if (rows.count === 0) throw usageError('too-few-rows', 'climatology cannot learn from no rows.', 'Use a longer history.');
      const seen = classMoments(rows);
      const total = rows.weight.reduce((sum, w) => sum + w, 0);
      const prior = seen.prior.map(share => (share * total + smoothing) / (total + OUTCOMES * smoothing));
      onProgress?.(1, 1);
      return { kind: KIND, version: 1, width: rows.width, body: { moments: { ...seen, prior } } };
    },
    predictor: checkpoint => {
      requireCheckpoint(checkpoint, KIND, 1);
      const moments = momentsAt(checkpoint.body, 'moments');
      const [down, flat, up] = moments.prior as [number, number, number];
      return (_x, _offset, scale, out) => mixtureForecast(down, flat, up, moments, scale, out);
    },
  };
};
