import { describe, expect, test } from 'vitest';
import { costShare, costSplit } from '../../src/metrics/costs.js';
import { trackOf } from '../../src/metrics/track.js';
import { DAY } from '../../src/time.js';
import { curveOf, fill, run } from './sample-track.js';

const paid = (amount: number) => ({ ts: 0, symbol: 'BTC/USDT:USDT', rate: 0.0001, quantity: 1, markPrice: 100, amount });

describe('the cost split', () => {
  // Path: buy 2 at 100, sell 2 at 110 → 20 gross. Slippage 0.1 a unit each way → fills at 100.1 and 109.9. Fees 0.2 + 0.22, funding −0.5.
  const track = trackOf(
    run(curveOf([1000, 1000 + 2 * (109.9 - 100.1) - 0.42 - 0.5], DAY), {
      fills: [
        fill({ price: 100.1, quantity: 2, fee: 0.2, slippage: 0.2 }),
        fill({ side: 'sell', price: 109.9, quantity: 2, fee: 0.22, slippage: 0.2 }),
      ],
      funding: [paid(-0.7), paid(0.2)],
    }),
  );
  test('recovers what the signal made at the prices of the path', () => {
    const { gross, fees, slippage, funding, net } = costSplit(track);
    expect(gross).toBeCloseTo(20, 10);
    expect(fees).toBeCloseTo(0.42, 12);
    expect(slippage).toBeCloseTo(0.4, 12);
    expect(funding).toBeCloseTo(-0.5, 12);
    expect(gross - fees - slippage + funding).toBeCloseTo(net, 12);
  });
  test('as a share of gross', () => {
    expect(costShare(track)).toBeCloseTo(1.32 / 20, 10);
    expect(costShare(trackOf(run(curveOf([990], DAY))))).toHaveProperty('undefined');
  });
  test('of a run without bars is nothing', () =>
    expect(costSplit(trackOf(run(curveOf([], DAY))))).toEqual({ gross: 0, fees: 0, slippage: 0, funding: 0, net: 0 }));
});
