import type { JobView } from '../../api/research-api.js';
import { count } from '../parts/figures.js';

/** A job that has not ended yet. */
export const isOpen = ({ state }: Pick<JobView, 'state'>): boolean => state === 'running' || state === 'waiting';

/** Jobs that are open first, then those that ended, each newest first. */
export const openFirst = (jobs: readonly JobView[]): readonly JobView[] =>
  [...jobs].sort((a, b) => Number(isOpen(b)) - Number(isOpen(a)) || b.begunAt - a.begunAt);

/** `1,204 of 2,632 bars`; empty while nothing is counted. */
export const progressWords = ({ done, total, unit }: Pick<JobView, 'done' | 'total' | 'unit'>): string => {
  if (done === null) return '';
  const of = total === null ? '' : ` of ${count(total)}`;
  return `${count(done)}${of}${unit === null ? '' : ` ${unit}`}`;
};

/** `12.3k bars/s`; empty where it is not known. */
export const rateWords = ({ rate, unit }: Pick<JobView, 'rate' | 'unit'>): string => {
  if (rate === null || !(rate > 0)) return '';
  const size = rate >= 1e6 ? `${(rate / 1e6).toFixed(1)}M` : rate >= 1e3 ? `${(rate / 1e3).toFixed(1)}k` : rate.toFixed(rate < 10 ? 1 : 0);
  return `${size} ${unit ?? ''}/s`;
};
