import { METRICS } from '../metrics/summary.js';
import { count, decimal, money, NONE, percent, span } from './number-text.js';
import type { MetricUnit } from '../metrics/summary.js';

/** A metric's number as it is printed; a dash for null. */
export const unitText = (unit: MetricUnit, value: number | null): string => {
  if (value === null) return NONE;
  switch (unit) {
    case 'fraction':
      return percent(value, Math.abs(value) < 0.1 ? 2 : 1);
    case 'ratio':
      return decimal(value);
    case 'currency':
      return money(value);
    case 'count':
      return count(value);
    case 'ms':
      return span(value);
  }
};

const BY_NAME = new Map(METRICS.map(info => [info.name as string, info]));

/** Label of a metric, or its name when it is not one of ours. */
export const metricLabel = (name: string): string => BY_NAME.get(name)?.label ?? name;

/** A metric by name as it is printed. */
export const metricText = (name: string, value: number | null | undefined): string =>
  unitText(BY_NAME.get(name)?.unit ?? 'ratio', value ?? null);
