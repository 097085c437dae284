import { timeframeMs } from '../../src/market/timeframe.js';
import type { Rival } from './rival.js';
import { smaSignal } from './sma-signal.js';
import { takerCosts } from './taker-costs.js';

interface Candle {
  readonly timestamp: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** Of backtest-kit, what is used here. */
interface BacktestKit {
  setLogger(logger: Readonly<Record<'log' | 'debug' | 'info' | 'warn', () => void>>): void;
  setConfig(config: Readonly<Record<string, number>>): void;
  addExchangeSchema(schema: {
    readonly exchangeName: string;
    readonly getCandles: (symbol: string, interval: string, since: Date, limit: number) => Promise<readonly Candle[]>;
    readonly formatPrice: (symbol: string, price: number) => Promise<string>;
    readonly formatQuantity: (symbol: string, quantity: number) => Promise<string>;
  }): void;
  addStrategySchema(schema: {
    readonly strategyName: string;
    readonly interval: string;
    readonly getSignal: (symbol: string, when: Date, price: number) => Promise<object | null>;
  }): void;
  addFrameSchema(schema: { readonly frameName: string; readonly interval: string; readonly startDate: Date; readonly endDate: Date }): void;
  listenActivePing(heard: (ping: { readonly symbol: string; readonly timestamp: number }) => Promise<void>): void;
  commitClosePending(symbol: string): Promise<void>;
  readonly Backtest: {
    run(
      symbol: string,
      names: { readonly strategyName: string; readonly exchangeName: string; readonly frameName: string },
    ): AsyncIterable<{ readonly action: string }>;
  };
}

/** Bars that it asks for ahead of the one it is at, and after the last. */
const AHEAD = 3_000;

/** Its positions are ended by commitClosePending while they are pinged; take-profit and stop, which it insists on, are out of reach. Nothing is kept on disk, and nothing logged. */
export const backtestKit: Rival = {
  package: 'backtest-kit',
  installed: 'backtest-kit',
  largest: 10_000,
  differs:
    'fills at an average of five bars, knows no impact, funding, margin or account, and is given its averages and all its storage switched off',
  prepare: ({ market: { bars }, config, load }) => {
    const kit = load('backtest-kit') as BacktestKit & Readonly<Record<string, unknown>>;
    for (const [name, adapter] of Object.entries(kit))
      if (/^Persist\w+Adapter$/.test(name)) (adapter as { useDummy?: () => void }).useDummy?.();
    const silent = (): void => {};
    kit.setLogger({ log: silent, debug: silent, info: silent, warn: silent });
    const { fee, slippage } = takerCosts(config);
    kit.setConfig({ CC_PERCENT_FEE: fee, CC_PERCENT_SLIPPAGE: slippage, CC_MAX_SIGNAL_LIFETIME_MINUTES: Infinity });

    const isUp = smaSignal(bars);
    const step = timeframeMs(bars.timeframe ?? '');
    const start = bars.ts[0] ?? NaN;
    const [open, high, low, close, volume] = bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const last = close[bars.rows - 1]!;
    const candles = Array.from({ length: bars.rows + AHEAD }, (_, i): Candle => {
      const timestamp = start + i * step;
      return i < bars.rows
        ? { timestamp, open: open[i]!, high: high[i]!, low: low[i]!, close: close[i]!, volume: volume[i]! }
        : { timestamp, open: last, high: last, low: last, close: last, volume: 1 };
    });
    /** Of the last bar that is over. */
    const signalAt = (ts: number): boolean => isUp[Math.round((ts - start) / step) - 1] === 1;

    kit.addExchangeSchema({
      exchangeName: 'memory',
      getCandles: async (_symbol, _interval, since, limit) => {
        const from = Math.max(0, Math.round((since.getTime() - start) / step));
        return candles.slice(from, from + limit);
      },
      formatPrice: async (_, price) => String(price),
      formatQuantity: async (_, quantity) => String(quantity),
    });
    kit.addStrategySchema({
      strategyName: 'sma-cross',
      interval: '1m',
      getSignal: async (_, when, price) =>
        signalAt(when.getTime())
          ? { position: 'long', priceTakeProfit: price * 2, priceStopLoss: price * 0.85, minuteEstimatedTime: Infinity }
          : null,
    });
    kit.addFrameSchema({
      frameName: 'all',
      interval: '1m',
      startDate: new Date(start + 60 * step),
      endDate: new Date(start + bars.rows * step),
    });
    kit.listenActivePing(async ({ symbol, timestamp }) => {
      if (!signalAt(timestamp)) await kit.commitClosePending(symbol);
    });
    return async () => {
      let closed = 0;
      for await (const { action } of kit.Backtest.run('BTCUSDT', { strategyName: 'sma-cross', exchangeName: 'memory', frameName: 'all' }))
        if (action === 'closed') closed++;
      return closed;
    };
  },
};
