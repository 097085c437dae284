import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/errors.js';
import { appliedTo } from '../../src/features/applied-to.js';
import { rsi } from '../../src/features/momentum/rsi.js';
import { ultimateOscillator } from '../../src/features/oscillators/ultimate-oscillator.js';
import type { Source } from '../../src/features/source.js';
import { apo } from '../../src/features/trend/apo.js';
import { donchian } from '../../src/features/trend/donchian.js';
import { ema } from '../../src/features/trend/ema.js';
import { ichimoku } from '../../src/features/trend/ichimoku.js';
import { macd } from '../../src/features/trend/macd.js';
import { psar } from '../../src/features/trend/psar.js';
import { sma } from '../../src/features/trend/sma.js';
import { bollinger } from '../../src/features/volatility/bollinger.js';
import { ewmaVolatility } from '../../src/features/volatility/ewma-volatility.js';
import { realisedVolatility } from '../../src/features/volatility/realised-volatility.js';
import { adOscillator } from '../../src/features/volume/ad-oscillator.js';

const mistakes: Readonly<Record<string, () => unknown>> = {
  'a length of 0': () => sma(0),
  'a negative length': () => rsi(-3),
  'half a bar': () => ema(2.5),
  'a length that is not a number': () => donchian(NaN),
  'an endless length': () => donchian(Infinity),
  'fast as slow as slow': () => macd(26, 26, 9),
  'fast above slow': () => apo(30, 20),
  'fast above slow in volume': () => adOscillator(10, 3),
  'spans out of order': () => ultimateOscillator(7, 28, 14),
  'cloud lengths out of order': () => ichimoku(26, 9, 52),
  'no signal': () => macd(12, 26, 0),
  'a band of no width': () => bollinger(20, 0),
  'a decay of 1': () => ewmaVolatility(1),
  'a sample of one': () => realisedVolatility(1),
  'a year of no bars': () => realisedVolatility(20, { periodsPerYear: 0 }),
  'an acceleration above its maximum': () => psar(0.3, 0.2),
  'a source that bars do not have': () => sma(20, { source: 'closed' as Source }),
  'a feature of several numbers without a choice': () => appliedTo(sma(3), macd()),
  'an output that is not there': () => appliedTo(sma(3), macd(), 'value'),
};

describe('parameters', () => {
  for (const [name, mistake] of Object.entries(mistakes))
    it(`${name} is refused with a sentence and a fix`, () => {
      expect(mistake).toThrow(UserError);
      expect(mistake).toThrow(expect.objectContaining({ exitCode: 2, fix: expect.stringMatching(/\.$/) as string }));
    });

  it('the message names feature, parameter and value', () => {
    expect(() => sma(0)).toThrow('sma: length must be a whole number of bars, 1 or more, not 0.');
    expect(() => macd(30, 20)).toThrow('macd: fast must be less than slow (20), not 30.');
    expect(() => sma(20, { source: 'closed' as Source })).toThrow('Did you mean "close"?');
  });

  it('keys carry what differs from the default, and only that', () => {
    expect(sma(20).key).toBe('sma(20)');
    expect(sma(20, { source: 'close' }).key).toBe('sma(20)');
    expect(sma(20, { source: 'high' }).key).toBe('sma(20,high)');
    expect(ema(20, { seed: 'first' }).key).toBe('ema(20,seed=first)');
    expect(macd().key).toBe('macd(12,26,9)');
    expect(donchian(20).key).toBe('donchian(20)');
    expect(realisedVolatility(20, { periodsPerYear: 252 }).key).toBe('realised-volatility(20,periodsPerYear=252)');
    expect(appliedTo(ema(9), rsi(14)).key).toBe('ema(9)@rsi(14)');
    expect(appliedTo(ema(9), macd(), 'histogram').key).toBe('ema(9)@macd(12,26,9).histogram');
  });
});
