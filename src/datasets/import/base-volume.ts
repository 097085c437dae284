import type { Sample } from './sample.js';
import { plainName } from './field-names.js';

const isVolume = (name: string): boolean => name.includes('vol') && !/quote|taker|buy|sell|count|number|trades/.test(name);

/**
 * Of several volume columns the one in base units: `volume × close` gives the other. Undefined when names and figures do not decide.
 */
export const baseVolume = (sample: Sample, close: number): number | undefined => {
  const candidates = (sample.header ?? []).map(plainName).flatMap((name, index) => (isVolume(name) ? [index] : []));
  if (candidates.length < 2) return candidates[0];
  for (const base of candidates)
    for (const quote of candidates) {
      if (base === quote) continue;
      const ratios = sample.rows
        .map(row => Number(row[quote]) / (Number(row[base]) * Number(row[close])))
        .filter(Number.isFinite)
        .sort((a, b) => a - b);
      const middle = ratios[ratios.length >> 1] ?? NaN;
      if (Math.abs(middle - 1) < 0.1) return base;
    }
  return undefined;
};
