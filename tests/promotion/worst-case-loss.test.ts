import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { worstCaseLoss } from '../../src/promotion/worst-case-loss.js';

const LIMITS = { maxOrderNotional: null, maxLeverage: null, maxExposure: 1, priceCollar: null, maxDrawdown: 0.25 };

describe('the worst-case loss', () => {
  it('is the drawdown limit and what open positions lose to their stops', () => {
    // By hand: a quarter of 10,000, and one tenth of a position as large as the account.
    expect(worstCaseLoss({ size: 10_000, limits: LIMITS, leverage: 3, symbols: 1 })).toMatchObject({
      stopsAt: 2_500,
      untilStops: 1_000,
      loss: 3_500,
    });
    // Two symbols of 1 × equity each are 2 × equity; leverage bounds ten of them.
    expect(worstCaseLoss({ size: 10_000, limits: LIMITS, leverage: 3, symbols: 2 }).untilStops).toBeCloseTo(2_000, 9);
    expect(worstCaseLoss({ size: 10_000, limits: LIMITS, leverage: 3, symbols: 10 }).untilStops).toBeCloseTo(3_000, 9);
    expect(worstCaseLoss({ size: 10_000, limits: LIMITS, leverage: 3, symbols: 1, stopDistance: 0.02 }).loss).toBeCloseTo(2_700, 9);
  });

  it('is the size where no drawdown limit is declared, and never more', () => {
    expect(worstCaseLoss({ size: 500, limits: { ...LIMITS, maxDrawdown: null }, leverage: 1, symbols: 1 }).loss).toBe(500);
    expect(worstCaseLoss({ size: 500, limits: { ...LIMITS, maxExposure: null }, leverage: 20, symbols: 1 }).loss).toBe(500);
  });

  it('is less where the watchdog stops the account before, and not by a limit of a day’s loss', () => {
    const declared = { size: 10_000, limits: LIMITS, leverage: 1, symbols: 1 };
    expect(worstCaseLoss({ ...declared, maxLoss: 500 }).stopsAt).toBe(500);
    // Four per cent of what is left on each of seven days never halts a limit of five: by hand, 0.96 to the seventh is 0.7514.
    const limits = { ...LIMITS, maxDailyLoss: 0.05, dailyLossHalts: true };
    const lost = Array.from({ length: 7 }).reduce<number>(left => left * 0.96, 10_000);
    expect(lost).toBeCloseTo(7_514.5, 0);
    expect(worstCaseLoss({ ...declared, limits }).stopsAt).toBeGreaterThanOrEqual(10_000 - lost);
  });

  it('bounds every path that ends at a drawdown limit with all positions then run to their stops', () => {
    const fraction = fc.double({ min: 0.01, max: 1, noNaN: true });
    fc.assert(
      fc.property(
        fraction,
        fraction,
        fc.double({ min: 0.01, max: 0.5, noNaN: true }),
        fc.double({ min: 1, max: 10, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (maxDrawdown, maxExposure, stopDistance, growth, adverse) => {
          const size = 1_000;
          const { loss } = worstCaseLoss({ size, limits: { ...LIMITS, maxDrawdown, maxExposure }, leverage: 1, symbols: 1, stopDistance });
          // Equity rises to a peak, falls to the limit, then the largest position loses up to its stop.
          const stopped = size * growth * (1 - maxDrawdown);
          const end = stopped - stopped * Math.min(1, maxExposure) * stopDistance * adverse;
          expect(size - end).toBeLessThanOrEqual(loss + 1e-9);
        },
      ),
    );
  });

  it('grows with every limit that is loosened', () => {
    const more = (a: Parameters<typeof worstCaseLoss>[0], b: Partial<Parameters<typeof worstCaseLoss>[0]>) =>
      expect(worstCaseLoss({ ...a, ...b }).loss).toBeGreaterThanOrEqual(worstCaseLoss(a).loss);
    const declared = { size: 1_000, limits: LIMITS, leverage: 1, symbols: 1 };
    more(declared, { leverage: 2 });
    more(declared, { symbols: 4, leverage: 1 });
    more(declared, { limits: { ...LIMITS, maxDrawdown: 0.5 } });
    more(declared, { stopDistance: 0.3 });
    more(declared, { size: 2_000 });
  });
});
