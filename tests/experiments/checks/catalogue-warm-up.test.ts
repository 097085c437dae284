import { describe, expect, it } from 'vitest';
import { historyPlan } from '../../../src/experiments/checks/history-plan.js';
import { settling } from '../../../src/experiments/checks/settling.js';
import type { LeakSubject } from '../../../src/experiments/checks/leak-check.js';
import { CATALOGUE } from '../../../src/features/catalogue.js';
import { defineStrategy } from '../../../src/strategies/strategy.js';
import { smallMarket } from '../../arbitraries/market.js';

const market = smallMarket(9, 1500, 1);

/** Features by their warm-up: one strategy holds those of one warm-up, so that none hides behind a longer one. */
const byWarmup = new Map<number, Record<string, (typeof all)[number]>>();
const all = Object.values(CATALOGUE).flat();
for (const feature of all) byWarmup.set(feature.warmup, { ...byWarmup.get(feature.warmup), [feature.key]: feature });

describe('the indicators of the catalogue', () => {
  it('have all that they average over when they say so', async () => {
    const short: string[] = [];
    let followed = 0;
    for (const features of byWarmup.values()) {
      const subject: LeakSubject = {
        strategyOn: () => defineStrategy({ name: 'catalogue', params: {}, indicators: () => features, decide: () => undefined }),
        params: {},
        config: market.config,
        instruments: market.instruments,
        chunks: market.chunks,
      };
      const plan = historyPlan(subject.strategyOn(subject.chunks), subject);
      if ('untested' in plan) continue;
      const found = await settling(subject, plan);
      followed += found.length;
      short.push(
        ...found.filter(({ dependence }) => dependence === 'short').map(({ indicator, settledAfter }) => `${indicator}: ${settledAfter}`),
      );
    }
    expect(short).toEqual([]);
    // The rest needs more history than this.
    expect(followed).toBeGreaterThan(0.9 * all.length);
  });
});
