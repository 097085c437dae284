import type { Fact } from '../../events/fact.js';
import { JUDGED_DRIFTS } from './drift-count.js';
import type { ForecastDrift } from './live-record.js';

/** What a strategy's facts say of drift from `from` on (epoch ms). `stretchMs` is the horizon of its label. Levels before `from` are known, but are no episodes. */
export const forecastDrift = (facts: Iterable<Fact>, stretchMs: number, from: number): ForecastDrift => {
  const now = new Map<string, ForecastDrift['now'][number]>();
  let episodes = 0;
  for (const fact of facts) {
    if (fact.type !== 'DriftChanged') continue;
    const { subject, level, ts } = fact;
    if (level === 'drift' && ts >= from && JUDGED_DRIFTS.has(subject) && now.get(subject)?.level !== 'drift') episodes++;
    now.set(subject, { subject, level, since: ts });
  }
  return { stretchMs, episodes, now: [...now.values()].sort((a, b) => (a.subject < b.subject ? -1 : 1)) };
};
