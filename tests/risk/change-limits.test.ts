import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { changeLimits, LIMIT_NAMES } from '../../src/risk/change-limits.js';
import type { RiskLimits } from '../../src/risk/limits.js';
import { RiskConfig } from '../../src/engine/run-config.js';
import { OFF } from './book.js';

const NOW: RiskLimits = { ...OFF, maxLeverage: 2, maxDailyLoss: 0.05, minMarginDistance: 0.1, maxOrderRate: 30 };
const change = (patch: Record<string, unknown>, reason = '', current = NOW) => changeLimits(current, patch, { by: 'ann', reason, ts: 7 });

describe('a change of limits', () => {
  it('that is tighter holds at once, with a word for each', () => {
    expect(change({ maxLeverage: 1, maxExposure: 0.5 })).toEqual({
      limits: { ...NOW, maxLeverage: 1, maxExposure: 0.5 },
      words: [
        {
          type: 'SettingChanged',
          ts: 7,
          path: 'risk.maxExposure',
          before: 'null',
          after: '0.5',
          direction: 'tighter',
          by: 'ann',
          reason: '',
        },
        { type: 'SettingChanged', ts: 7, path: 'risk.maxLeverage', before: '2', after: '1', direction: 'tighter', by: 'ann', reason: '' },
      ],
    });
  });

  it.each([
    [{ maxLeverage: 3 }],
    [{ maxLeverage: null }],
    [{ minMarginDistance: 0.05 }],
    [{ rateWindow: 30_000 }],
    [{ lossPause: 1000 }],
    [{ maxLeverage: 1, maxDailyLoss: 0.06 }],
    [{ correlationWindow: 50 }],
    [{ haltFlattens: false }],
  ])('that is looser anywhere, or has no tighter way, is refused whole without a reason: %o', patch => {
    expect(change(patch)).toMatchObject({ code: 'reason-needed' });
    expect(change(patch, '  ')).toMatchObject({ code: 'reason-needed' });
    const answer = change(patch, 'volatility is back to normal');
    expect(answer).toMatchObject({ limits: patch });
    expect(('words' in answer && answer.words.every(({ direction }) => direction !== 'tighter')) || Object.keys(patch).length > 1).toBe(
      true,
    );
  });

  it.each([
    [{ minMarginDistance: 0.2 }],
    [{ rateWindow: 90_000 }],
    [{ dailyLossHalts: true }],
    [{ concentrationFrom: 0.5 }],
    [{ correlationAt: 0.7 }],
    [{ lossPause: 2 * 86_400_000 }],
  ])('that is tighter the other way round needs none: %o', patch => {
    const answer = change(patch);
    expect('words' in answer && answer.words.map(({ direction }) => direction)).toEqual(['tighter']);
  });

  it('to the value at hand, stated or not, is none', () => {
    expect(change({ maxLeverage: 2, rateWindow: 60_000, haltFlattens: true, maxGross: null })).toMatchObject({ words: [] });
  });

  it.each([
    [{ maxLevrage: 1 }, 'unknown-limit'],
    [{ maxLeverage: 0 }, 'bad-limit'],
    [{ maxLeverage: NaN }, 'bad-limit'],
    [{ maxLeverage: '1' }, 'bad-limit'],
    [{ maxOrderRate: 1.5 }, 'bad-limit'],
    [{ maxDailyLoss: 1.1 }, 'bad-limit'],
    [{ dailyLossHalts: null }, 'bad-limit'],
    [{ toString: 1 }, 'unknown-limit'],
  ])('to what cannot be is refused: %o', (patch, code) => {
    expect(change(patch, 'why not')).toMatchObject({ code });
  });

  it('knows every limit of a configuration, and gives one that a configuration takes', () => {
    expect([...LIMIT_NAMES].sort()).toEqual(Object.keys(RiskConfig.shape).sort());
    const value = fc.constantFrom<unknown>(1, 0.5, 2, 50, true, false, null);
    const base = { ...NOW, maxDrawdown: null };
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom(...LIMIT_NAMES), value), patch => {
        const answer = change(patch, 'because', base);
        // A window of one bar is the only thing that the configuration refuses and a change does not look at.
        const isShort = patch['correlationWindow'] === 1 || patch['volatilityWindow'] === 1;
        if ('limits' in answer && !isShort) expect(RiskConfig.safeParse(answer.limits).success).toBe(true);
      }),
    );
  });
});
