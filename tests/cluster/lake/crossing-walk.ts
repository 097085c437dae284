import { synthesise } from '../../../src/datasets/synthetic/synthesise.js';
import { rolling } from '../../../src/experiments/splits/rolling.js';
import type { WalkForwardSpec } from '../../../src/experiments/walk-forward.js';
import { runConfig } from '../../../src/sim/run-defaults.js';
import { DAY } from '../../../src/time.js';

const FROM = Date.UTC(2024, 0, 1);
const TO = FROM + 120 * DAY;
const SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT'];

/** Symbols of one exchange have bars at the same times: columns of equal content, which a lake has once. */
const imported = synthesise(
  {
    markets: SYMBOLS.map((symbol, i) => ({
      symbol,
      price: 40_000 / (1 + 9 * i),
      tickSize: 0.1,
      lotSize: 0.001,
      volume: 500,
      volatility: 0.6,
    })),
    timeframe: '15m',
    from: FROM,
    to: TO,
    kinds: ['bars', 'funding'],
    truths: [{ kind: 'autocorrelation', coefficient: 0.1 }],
  },
  5,
);

/** A walk-forward of a strategy with parameters over them, without its engine. */
export const crossingWalk = (strategy: WalkForwardSpec['strategy'], points = 2): Omit<WalkForwardSpec, 'engine'> => ({
  runId: 'run',
  strategy,
  config: runConfig({ exchange: 'bybit', from: FROM, to: TO, symbols: SYMBOLS, timeframe: '15m' }),
  instruments: [...new Map(imported.map(({ instrument }) => [instrument.symbol, instrument])).values()],
  data: { version: 'synthetic', chunks: imported.map(({ series }) => series) },
  folds: rolling({ from: FROM, to: TO }, { train: '60d', test: '30d' }),
  sampler: { kind: 'grid', points },
  objective: { metric: 'sharpe', minimumTrades: 3 },
});
