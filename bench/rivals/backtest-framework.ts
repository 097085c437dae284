import { Module } from 'node:module';
import { join } from 'node:path';
import { timeframeMs } from '../../src/market/timeframe.js';
import type { Rival, RivalWork } from './rival.js';
import { takerCosts } from './taker-costs.js';

/** Of @backtest/framework, what is used here. */
interface Framework {
  runStrategy(options: {
    readonly strategyName: string;
    readonly historicalData: readonly string[];
    readonly startingAmount: number;
    readonly percentFee: number;
    readonly percentSlippage: number;
    readonly params: Readonly<Record<string, never>>;
    readonly rootPath: string;
  }): Promise<{ readonly allOrders: readonly { readonly type: 'buy' | 'sell' }[] }>;
}

const HISTORY = 'bench';

/**
 * Stands in for the client of its database, which is generated and needs an engine that is downloaded: the tables it reads during a run, from memory. Its own code
 * is untouched.
 */
const storeInMemory = ({ market: { bars } }: RivalWork): object => {
  const [open, high, low, close, volume] = bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const step = timeframeMs(bars.timeframe ?? '');
  const candles = Array.from(bars.ts, (openTime, i) => ({
    id: i,
    metaCandleId: 1,
    openTime,
    open: open[i]!,
    high: high[i]!,
    low: low[i]!,
    close: close[i]!,
    volume: volume[i]!,
    closeTime: openTime + step - 1,
    assetVolume: 0,
    numberOfTrades: 0,
  }));
  const first = candles[0]!;
  const last = candles[candles.length - 1]!;
  const history = {
    id: 1,
    name: HISTORY,
    symbol: 'BTCUSDT',
    interval: bars.timeframe,
    base: 'BTC',
    quote: 'USDT',
    startTime: first.closeTime,
    endTime: last.closeTime,
    importedFromCSV: true,
    creationTime: 0,
    lastUpdatedTime: 0,
  };
  const strategy = (name: string): object => ({ name, params: '[]', dynamicParams: false, creationTime: 0, lastRunTime: 0 });
  return class {
    readonly metaCandle = {
      findMany: async ({ include }: { readonly include?: object } = {}): Promise<object[]> => [include ? { ...history, candles } : history],
    };
    readonly strategy = {
      findMany: async (): Promise<object[]> => [strategy('running-sums'), strategy('get-candles')],
      findUnique: async ({ where }: { readonly where: { readonly name: string } }): Promise<object> => strategy(where.name),
      update: async ({ where }: { readonly where: { readonly name: string } }): Promise<object> => strategy(where.name),
    };
  };
};

const prepare =
  (strategyName: string) =>
  (work: RivalWork): (() => Promise<number>) => {
    const { load, config, folder } = work;
    const client = load.resolve('@prisma/client');
    // Before the framework asks for it.
    load.cache[client] = Object.assign(new Module(client), {
      exports: { PrismaClient: storeInMemory(work) },
      loaded: true,
    });
    const { runStrategy } = load('@backtest/framework') as Framework;
    const { fee, slippage } = takerCosts(config);
    return async () => {
      const { allOrders } = await runStrategy({
        strategyName,
        historicalData: [HISTORY],
        startingAmount: config.capital,
        percentFee: fee,
        percentSlippage: slippage,
        params: {},
        rootPath: join(folder, 'strategies'),
      });
      return allOrders.filter(({ type }) => type === 'sell').length;
    };
  };

const DIFFERS = 'fills at the close that it decided on, knows no impact, funding or margin, and its database is replaced by memory';

/** With a strategy that keeps its own sums: as fast as it gets. */
export const backtestFramework: Rival = {
  package: '@backtest/framework',
  installed: '',
  largest: 100_000,
  differs: DIFFERS,
  prepare: prepare('running-sums'),
};

/** With a strategy as its documentation writes them. Its time grows with the square of the bars. */
export const backtestFrameworkGetCandles: Rival = {
  package: '@backtest/framework',
  way: 'by getCandles',
  installed: '',
  largest: 10_000,
  differs: `${DIFFERS}; each call of getCandles looks through all bars before it`,
  prepare: prepare('get-candles'),
};
