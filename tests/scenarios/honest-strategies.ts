import { filter, map, scan } from 'rxjs';
import { rsi } from '../../src/features/momentum/rsi.js';
import { ema } from '../../src/features/trend/ema.js';
import { macd } from '../../src/features/trend/macd.js';
import { sma } from '../../src/features/trend/sma.js';
import { supertrend } from '../../src/features/trend/supertrend.js';
import { atr } from '../../src/features/volatility/atr.js';
import { bollinger } from '../../src/features/volatility/bollinger.js';
import { ewmaVolatility } from '../../src/features/volatility/ewma-volatility.js';
import { keltner } from '../../src/features/volatility/keltner.js';
import { zScore } from '../../src/features/volatility/z-score.js';
import { cancel, order, target } from '../../src/strategies/intent.js';
import { bars, defineStrategy, type Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';

const params = {};

/** What people write: each reads only what it may, in one of the ways that the platform offers. */
export const HONEST: readonly Strategy[] = [
  defineStrategy({
    name: 'ema-cross',
    params,
    indicators: () => ({ fast: ema(12), slow: ema(26) }),
    decide: (bar, { fast, slow }, { universe }) => target(bar.symbol, (fast > slow ? 1 : -1) / universe.length),
  }),
  defineStrategy({
    name: 'macd-histogram',
    params,
    needs: ({ universe, timeframe }) => bars(universe, timeframe, { warmup: 150 }),
    indicators: () => ({ macd: macd(12, 26, 9) }),
    decide: (bar, { macd: { histogram } }, { universe }) => target(bar.symbol, (histogram > 0 ? 1 : 0) / universe.length),
  }),
  defineStrategy({
    name: 'bollinger-reversion',
    params,
    indicators: () => ({ band: bollinger(20, 2) }),
    decide: (bar, { band }, { universe, position }) => {
      if (bar.close < band.lower) return target(bar.symbol, 1 / universe.length);
      if (bar.close > band.upper) return target(bar.symbol, -1 / universe.length);
      const held = position(bar.symbol).quantity;
      return held * (bar.close - band.middle) > 0 ? target(bar.symbol, 0) : undefined;
    },
  }),
  defineStrategy({
    name: 'keltner-breakout',
    params,
    indicators: () => ({ channel: keltner(20, 2) }),
    decide: (bar, { channel }, { universe }) =>
      bar.close > channel.upper ? target(bar.symbol, 1 / universe.length) : bar.close < channel.middle ? target(bar.symbol, 0) : undefined,
  }),
  defineStrategy({
    name: 'supertrend-follower',
    params,
    indicators: () => ({ trend: supertrend(10, 3) }),
    decide: (bar, { trend }, { universe }) => target(bar.symbol, Math.sign(trend.direction) / universe.length),
  }),
  defineStrategy({
    name: 'volatility-target',
    params,
    indicators: () => ({ volatility: ewmaVolatility(0.9), trend: sma(48) }),
    decide: (bar, { volatility, trend }, { universe }) =>
      volatility > 0 ? target(bar.symbol, (Math.sign(bar.close - trend) * Math.min(1, 0.3 / volatility)) / universe.length) : undefined,
  }),
  defineStrategy({
    name: 'bids-below',
    params,
    indicators: () => ({ range: atr(14) }),
    decide: (bar, { range }, { position, quantityFor, universe }) => {
      const { quantity } = position(bar.symbol);
      if (quantity > 0)
        return order({ symbol: bar.symbol, side: 'sell', quantity, limit: bar.close + range, reduceOnly: true, goodTill: bar.ts + HOUR });
      return order({
        symbol: bar.symbol,
        side: 'buy',
        quantity: quantityFor(bar.symbol, 1 / universe.length),
        limit: bar.close - range,
        goodTill: bar.ts + HOUR,
      });
    },
  }),
  defineStrategy({
    name: 'stops-below',
    params,
    indicators: () => ({ trend: ema(20), range: atr(14) }),
    memory: () => ({ names: new Map<string, string>(), made: 0 }),
    decide: (bar, { trend, range }, { position, quantityFor, universe, memory }) => {
      const { quantity } = position(bar.symbol);
      const name = memory.names.get(bar.symbol);
      if (quantity > 0 || bar.close < trend) return undefined;
      memory.names.set(bar.symbol, `stop-${++memory.made}`);
      const share = 1 / universe.length;
      return [
        ...(name === undefined ? [] : [cancel(name)]),
        target(bar.symbol, 0),
        target(bar.symbol, share),
        order({
          symbol: bar.symbol,
          side: 'sell',
          quantity: quantityFor(bar.symbol, share) * 1.01,
          stop: bar.close - 2 * range,
          reduceOnly: true,
          id: memory.names.get(bar.symbol) ?? '',
        }),
      ];
    },
  }),
  defineStrategy({
    name: 'pair-of-two',
    params,
    indicators: () => ({ z: zScore(48) }),
    decideSlice: (slice, indicators, { universe }) => {
      const [a, b] = universe;
      if (a === undefined || b === undefined || !slice.bars.has(a) || !slice.bars.has(b)) return undefined;
      const gap = indicators(a).z - indicators(b).z;
      const side = gap > 1 ? -0.5 : gap < -1 ? 0.5 : 0;
      return [target(a, side), target(b, 0 - side)];
    },
  }),
  defineStrategy({
    name: 'against-the-crowd',
    params,
    needs: ({ universe, timeframe }) => [
      bars(universe, timeframe),
      { kind: 'funding', symbols: universe, timeframe, warmup: 0, optional: true },
    ],
    decide: (bar, _, { funding, universe }) => {
      const rate = funding(bar.symbol)?.rate ?? 0;
      return target(bar.symbol, (rate > 0.0001 ? -1 : rate < 0 ? 1 : 0) / universe.length);
    },
  }),
  defineStrategy({
    name: 'four-hours-and-one',
    params,
    needs: ({ universe, timeframe }) => [bars(universe, timeframe), bars(universe, '4h', { warmup: 30 })],
    indicators: () => ({ trend: sma(20), strength: rsi(6) }),
    memory: () => ({ rising: new Map<string, boolean>() }),
    decide: (bar, { trend, strength }, { memory, universe }) => {
      if (bar.timeframe === '4h') {
        memory.rising.set(bar.symbol, bar.close > trend);
        return undefined;
      }
      return target(bar.symbol, memory.rising.get(bar.symbol) === true && strength < 40 ? 1 / universe.length : 0);
    },
  }),
  defineStrategy({
    name: 'hours-of-the-day',
    params,
    decide: (bar, _, { universe }) => target(bar.symbol, new Date(bar.ts).getUTCHours() < 8 ? 1 / universe.length : 0),
  }),
  defineStrategy({
    name: 'streams-of-closes',
    params,
    indicators: () => ({ average: sma(24) }),
    run: ({ bars$, context }) =>
      bars$.pipe(
        filter(({ indicators }) => Number.isFinite(indicators.average)),
        scan((last, { bar, indicators }) => ({ symbol: bar.symbol, up: bar.close > indicators.average, before: last.up }), {
          symbol: '',
          up: false,
          before: false,
        }),
        map(({ symbol, up }) => target(symbol, up ? 1 / context.universe.length : 0)),
      ),
  }),
];
