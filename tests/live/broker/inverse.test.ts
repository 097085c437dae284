import { describe, expect, it } from 'vitest';
import { evolve, initialState } from '../../../src/live/broker/broker-state.js';
import { canonicalState, restoreState } from '../../../src/live/broker/state-text.js';
import type { Instrument } from '../../../src/market/instrument.js';

const SYMBOL = 'BTC/USD:BTC';
/** Contracts of 100 dollars, settled in coins. */
const INVERSE: Instrument = {
  symbol: SYMBOL,
  exchange: 'practice',
  kind: 'inverse-perpetual',
  tickSize: 0.5,
  lotSize: 100,
  minNotional: 0,
  contractSize: 100,
  maxLeverage: 100,
  maintenanceMarginRate: 0.004,
  source: 'test',
};

describe('an inverse contract', () => {
  it('brings in coins: contract value times the difference of reciprocal prices, less fees', () => {
    const state = initialState([INVERSE]);
    const fill = {
      type: 'OrderFilled',
      strategy: 'alpha',
      symbol: SYMBOL,
      lots: 10,
      liquidity: 'taker',
      slippage: 0,
      realised: 0,
    } as const;
    evolve(state, { ...fill, ts: 1, orderId: 'a.1.1', side: 'buy', price: 80_000, fee: 1_000, execution: 't1' });
    evolve(state, { ...fill, ts: 2, orderId: 'a.1.2', side: 'sell', price: 100_000, fee: 1_000, execution: 't2' });
    const lots = state.books.get('alpha')?.account.lots[0];
    const coins = state.books.get('alpha')?.cash.get('BTC');
    // 10 contracts of 100 dollars from 40,000 to 50,000: 1,000 × (1/40,000 − 1/50,000) = 0.005 coins, less twice 0.00001.
    expect([lots, coins]).toEqual([0, 500_000 - 2_000]);
    expect(canonicalState(restoreState(canonicalState(state), [INVERSE]))).toBe(canonicalState(state));
  });
});
