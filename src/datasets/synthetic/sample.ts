import { HOUR } from '../../time.js';
import type { SyntheticConfig } from './config.js';

/** Seed of the committed sample. */
export const SAMPLE_SEED = 20230101;

/**
 * The sample that comes with the platform: three perpetuals, two years of hours, with mark and funding. The market has rising, falling and quiet
 * spells of some weeks, so that a trend strategy has something modest to find; volatility clusters, and sometimes the price jumps.
 */
export const SAMPLE_CONFIG: SyntheticConfig = {
  markets: [
    { symbol: 'BTC/USDT:USDT', price: 16_500, volatility: 0.5, tickSize: 0.1, lotSize: 0.001, volume: 900 },
    { symbol: 'ETH/USDT:USDT', price: 1_200, volatility: 0.65, tickSize: 0.01, lotSize: 0.01, volume: 9_000 },
    { symbol: 'SOL/USDT:USDT', price: 20, volatility: 0.9, tickSize: 0.001, lotSize: 0.1, volume: 150_000 },
  ],
  timeframe: '1h',
  from: Date.UTC(2023, 0, 1),
  to: Date.UTC(2025, 0, 1),
  correlation: 0.6,
  kinds: ['bars', 'mark', 'funding'],
  funding: { interval: 8 * HOUR },
  truths: [
    {
      kind: 'regimes',
      states: [
        { perYear: 1.6, volatility: 0.9, meanBars: 600 },
        { perYear: -1.4, volatility: 1.2, meanBars: 420 },
        { perYear: 0, volatility: 0.7, meanBars: 480 },
      ],
    },
    { kind: 'volatility-clustering', alpha: 0.05, beta: 0.92 },
    { kind: 'jumps', perYear: 12, size: 0.03 },
  ],
};
