import fc from 'fast-check';
import { expect, test } from 'vitest';
import { checkObjective, score, selectBest } from '../../src/experiments/objective.js';

const objective = { metric: 'sharpe', minimumTrades: 5 };

test('the eligible configuration with the highest objective is chosen, in whatever order they were evaluated', () => {
  const candidate = fc.record({
    params: fc.record({ a: fc.integer({ min: 0, max: 20 }), b: fc.boolean() }),
    metrics: fc.record({ sharpe: fc.option(fc.integer({ min: -3, max: 3 })), trades: fc.integer({ min: 0, max: 10 }) }),
  });
  fc.assert(
    fc.property(fc.array(candidate), fc.integer(), (candidates, rotation) => {
      const turned = candidates.map((_, i) => candidates[(i + Math.abs(rotation % candidates.length)) % candidates.length]!);
      const best = selectBest(objective, candidates);
      expect(selectBest(objective, turned)?.params).toEqual(best?.params);
      const eligible = candidates.filter(({ metrics }) => metrics.sharpe !== null && metrics.trades >= 5);
      expect(best === undefined).toBe(eligible.length === 0);
      for (const { metrics } of eligible) expect(best!.metrics.sharpe).toBeGreaterThanOrEqual(metrics.sharpe!);
    }),
  );
});

test('of equal configurations the first by name and value is chosen', () => {
  const metrics = { sharpe: 1, trades: 9 };
  const best = selectBest(objective, [
    { params: { fast: 30, slow: 50 }, metrics },
    { params: { slow: 50, fast: 20 }, metrics },
  ]);
  expect(best?.params).toEqual({ fast: 20, slow: 50 });
});

test('less is better for volatility and turnover, more for drawdown, which is negative, and the user may say otherwise', () => {
  const metrics = { volatility: 0.3, maxDrawdown: -0.2, turnover: 12, trades: 9 };
  expect(score({ metric: 'volatility', minimumTrades: 0 }, metrics)).toBe(-0.3);
  expect(score({ metric: 'turnover', minimumTrades: 0 }, metrics)).toBe(-12);
  expect(score({ metric: 'maxDrawdown', minimumTrades: 0 }, metrics)).toBe(-0.2);
  expect(score({ metric: 'volatility', direction: 'maximise', minimumTrades: 0 }, metrics)).toBe(0.3);
  expect(score({ metric: 'volatility', minimumTrades: 10 }, metrics)).toBeNull();
});

test('a metric that does not exist is refused with a suggestion', () => {
  expect(() => checkObjective({ metric: 'sharp', minimumTrades: 0 })).toThrow('Did you mean "sharpe"?');
  expect(() => checkObjective(objective)).not.toThrow();
});
