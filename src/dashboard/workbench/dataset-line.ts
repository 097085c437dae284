import type { Dataset } from '../../datasets/catalogue.js';
import type { DatasetLine } from '../api/data-api.js';

const unique = (texts: readonly string[]): string[] => [...new Set(texts)];

/** A dataset as one line of the catalogue. Times are of the first and last row of any series. */
export const datasetLine = ({ id, manifest: { version, synthetic, series, findings, instruments } }: Dataset): DatasetLine => ({
  dataset: id,
  version,
  synthetic,
  source: unique(instruments.map(({ exchange }) => exchange)).join(', '),
  symbols: unique(series.map(({ symbol }) => symbol)),
  kinds: unique(series.map(({ kind, timeframe }) => (timeframe === undefined ? kind : `${kind} ${timeframe}`))),
  from: series.length === 0 ? null : Math.min(...series.map(({ from }) => from)),
  to: series.length === 0 ? null : Math.max(...series.map(({ to }) => to)),
  rows: series.reduce((sum, { rows }) => sum + rows, 0),
  bytes: series.reduce((sum, { files }) => sum + files.reduce((total, { bytes }) => total + bytes, 0), 0),
  findings: findings.filter(({ severity }) => severity !== 'info').length,
});
