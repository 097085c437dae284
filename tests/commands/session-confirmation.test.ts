import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isAgreed, stakeSentence, type Stake } from '../../src/commands/session-confirmation.js';

const stake: Stake = {
  strategies: ['sma-cross'],
  account: 'main',
  venue: 'bybit',
  size: 1000,
  worstCaseLoss: 350.001,
  currency: 'USDT',
};

describe('the sentence that opens a real venue', () => {
  it('names strategies, account, venue, size and the loss, rounded up', () => {
    expect(stakeSentence(stake)).toBe('trade sma-cross on main at bybit with 1000 USDT, worst-case loss 350.01 USDT');
    expect(stakeSentence({ ...stake, strategies: ['a', 'b'] })).toMatch(/^trade a and b on main/);
  });

  it('opens what it names, and what is smaller, and nothing that is larger', () => {
    const money = fc.double({ min: 0.01, max: 1e7, noNaN: true });
    fc.assert(
      fc.property(money, money, money, money, (size, loss, agreedSize, agreedLoss) => {
        const agreed = stakeSentence({ ...stake, size: agreedSize, worstCaseLoss: agreedLoss });
        const wanted = { ...stake, size, worstCaseLoss: loss };
        const cents = (value: number): number => Number(value.toFixed(2));
        const isEnough =
          cents(agreedSize) >= cents(size) &&
          Math.ceil(Number((agreedLoss * 100).toFixed(6))) >= Math.ceil(Number((loss * 100).toFixed(6)));
        expect(isAgreed(agreed, wanted)).toBe(isEnough);
        expect(isAgreed(stakeSentence(wanted), wanted)).toBe(true);
      }),
    );
  });

  it.each([
    ['another account', 'trade sma-cross on other at bybit with 1000 USDT, worst-case loss 350.01 USDT'],
    ['another strategy', 'trade sma_cross on main at bybit with 1000 USDT, worst-case loss 350.01 USDT'],
    ['another currency', 'trade sma-cross on main at bybit with 1000 USDC, worst-case loss 350.01 USDC'],
    ['more words', 'trade sma-cross on main at bybit with 1000 USDT, worst-case loss 350.01 USDT please'],
    ['no number', 'trade sma-cross on main at bybit with Infinity USDT, worst-case loss 350.01 USDT'],
    ['nothing', ''],
  ])('is not one with %s', (_, typed) => {
    expect(isAgreed(typed, stake)).toBe(false);
  });

  it('forgives blanks', () => {
    expect(isAgreed(`  ${stakeSentence(stake).replaceAll(' ', '  ')} `, stake)).toBe(true);
  });
});
