import type { Track } from '../../metrics/metric.js';
import type { EvidencePeriod } from './evidence-record.js';
import { periodFigures } from './period-figures.js';

/** What was earned in each calendar year (UTC). A return that ends at midnight belongs to the day before. */
export const yearFigures = (track: Pick<Track, 'returns' | 'returnTs' | 'periodsPerYear' | 'roundTrips'>): EvidencePeriod[] =>
  periodFigures(
    track,
    Array.from(track.returnTs, ts => String(new Date(ts - 1).getUTCFullYear())),
  );
