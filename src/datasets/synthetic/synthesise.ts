import { createHash } from 'node:crypto';
import type { MarketKind } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import { timeframe as checkTimeframe, timeframeMs } from '../../market/timeframe.js';
import { units } from '../../market/units.js';
import { random, type Random } from '../../random.js';
import { canonicalJson } from '../canonical-json.js';
import type { Finding, Imported, Series } from '../series.js';
import { basisWalk, fundingRate } from './basis.js';
import {
  checkSyntheticConfig,
  type CheckedSyntheticConfig,
  type PlantedTruth,
  type SyntheticConfig,
  type SyntheticMarket,
} from './config.js';
import { drawReturns, STEPS } from './returns.js';

/** One market's columns while they are drawn. */
interface Columns {
  readonly ts: Float64Array;
  readonly open: Float64Array;
  readonly high: Float64Array;
  readonly low: Float64Array;
  readonly close: Float64Array;
  readonly volume: Float64Array;
  readonly mark: Float64Array;
  readonly index: Float64Array;
  readonly fundingTs: number[];
  readonly fundingRates: number[];
  readonly fundingIntervals: number[];
}

const allocate = (rows: number): Columns => ({
  ts: new Float64Array(rows),
  open: new Float64Array(rows),
  high: new Float64Array(rows),
  low: new Float64Array(rows),
  close: new Float64Array(rows),
  volume: new Float64Array(rows),
  mark: new Float64Array(rows),
  index: new Float64Array(rows),
  fundingTs: [],
  fundingRates: [],
  fundingIntervals: [],
});

/** One market: turns drawn steps into bars on the venue's grid, and the premium into mark, index and funding. */
class Walk {
  readonly columns: Columns;
  readonly draw = { steps: new Float64Array(STEPS), sigma: 0 };
  readonly #grid;
  readonly #basis;
  readonly #volumeNoise: Random;
  readonly #meanSigma: number;
  #price: number;
  #premium = 0;
  #premiumSum = 0;
  #premiumCount = 0;

  constructor(
    private readonly market: SyntheticMarket,
    private readonly config: CheckedSyntheticConfig,
    private readonly barMs: number,
    rows: number,
    source: Random,
  ) {
    this.columns = allocate(rows);
    this.#grid = units(market);
    this.#basis = basisWalk(barMs, source.fork(`basis/${market.symbol}`));
    this.#volumeNoise = source.fork(`volume/${market.symbol}`);
    this.#meanSigma = market.volatility / Math.sqrt((365 * 24 * 3_600_000) / barMs);
    this.#price = market.price;
  }

  #tick(price: number): number {
    return this.#grid.price(Math.max(1, this.#grid.ticks(price)));
  }

  bar(i: number, openTime: number): void {
    const { columns, draw, market } = this;
    // Mark, index and funding are stamped at the bar's open and know nothing of what comes after it.
    columns.ts[i] = openTime;
    columns.mark[i] = this.#tick(this.#price / (1 + this.#premium / 2));
    columns.index[i] = this.#tick(this.#price / (1 + this.#premium));
    this.#settle(openTime);
    const open = this.#tick(this.#price);
    let [high, low] = [open, open];
    let total = 0;
    for (const step of draw.steps) {
      total += step;
      const at = this.#tick(this.#price * Math.exp(total));
      if (at > high) high = at;
      if (at < low) low = at;
    }
    this.#price *= Math.exp(total);
    columns.open[i] = open;
    columns.high[i] = high;
    columns.low[i] = low;
    columns.close[i] = this.#tick(this.#price);
    const activity = 0.3 + (0.4 * draw.sigma + 0.3 * Math.abs(total)) / this.#meanSigma;
    const lots = this.#grid.lots(market.volume * activity * Math.exp(0.3 * this.#volumeNoise.normal() - 0.045));
    columns.volume[i] = this.#grid.quantity(Math.max(1, lots));
    this.#premium = this.#basis.next(total);
    this.#premiumSum += this.#premium;
    this.#premiumCount += 1;
  }

  #settle(ts: number): void {
    const { change, interval: usual } = this.config.funding;
    const interval = change !== undefined && ts >= change.at ? change.interval : usual;
    if (ts % interval >= this.barMs || this.#premiumCount === 0) return;
    const due = Math.floor(ts / interval) * interval;
    if (due < this.config.from) return;
    this.columns.fundingTs.push(due);
    this.columns.fundingRates.push(fundingRate(this.#premiumSum / this.#premiumCount, interval));
    this.columns.fundingIntervals.push(interval);
    this.#premiumSum = 0;
    this.#premiumCount = 0;
  }
}

const describeTruth = ({ kind, ...settings }: PlantedTruth): string =>
  kind === 'none' ? 'none: pure noise' : `${kind} ${canonicalJson(settings)}`;

const seriesOf = (kind: MarketKind, market: SyntheticMarket, config: CheckedSyntheticConfig, columns: Columns): Series => {
  const { symbol } = market;
  const { ts, open, high, low, close, volume, mark, index } = columns;
  if (kind === 'bars')
    return { kind, symbol, timeframe: checkTimeframe(config.timeframe), rows: ts.length, ts, columns: [open, high, low, close, volume] };
  if (kind === 'funding') {
    const values = [Float64Array.from(columns.fundingRates), Float64Array.from(columns.fundingIntervals)];
    return { kind, symbol, rows: columns.fundingTs.length, ts: Float64Array.from(columns.fundingTs), columns: values };
  }
  return { kind, symbol, rows: ts.length, ts, columns: [kind === 'mark' ? mark : index] };
};

/**
 * Makes market data for perpetuals of an exchange called `synthetic`: correlated log-normal prices walked in steps inside each bar (so that high and
 * low belong to the path), volume that grows with volatility, mark, index and a premium that leans the way the price went, funding from that
 * premium by Binance's formula. What can be predicted in it is what `truths` plant and nothing else; the truths, the seed and the whole
 * configuration go into the manifest as a finding and as the source's reading. The same configuration and seed give the same bits.
 * Throws a usage error for a wrong configuration.
 */
export const synthesise = (input: SyntheticConfig, seed: number): Imported[] => {
  const config = checkSyntheticConfig(input);
  const barMs = timeframeMs(config.timeframe);
  const rows = Math.floor((config.to - config.from) / barMs);
  const source = random(`synthetic/${seed}`);
  const walks = config.markets.map(market => new Walk(market, config, barMs, rows, source));
  const next = drawReturns(config, barMs, source);
  const draws = walks.map(({ draw }) => draw);
  for (let i = 0; i < rows; i++) {
    next(draws);
    for (const walk of walks) walk.bar(i, config.from + i * barMs);
  }
  const file = `synthetic, seed ${seed}`;
  const text = canonicalJson(config);
  const sha256 = createHash('sha256').update(`${seed} ${text}`).digest('hex');
  const truths = config.truths.map(describeTruth).join('; ');
  return config.markets.flatMap((market, m) => {
    const { symbol, tickSize, lotSize } = market;
    const instrument: Instrument = {
      symbol,
      exchange: 'synthetic',
      kind: 'linear-perpetual',
      tickSize,
      lotSize,
      minNotional: 5,
      contractSize: 1,
      maxLeverage: 100,
      maintenanceMarginRate: 0.005,
      source: `synthetic data, seed ${seed}: no venue trades it`,
    };
    const columns = walks[m]?.columns ?? allocate(0);
    return config.kinds.map((kind): Imported => {
      const series = seriesOf(kind, market, config, columns);
      const planted: Finding = {
        code: 'planted-truth',
        severity: 'info',
        file,
        symbol,
        kind,
        count: config.truths.length,
        message: `Synthetic data; planted in the returns of ${symbol}: ${truths}.`,
      };
      return {
        series,
        instrument,
        source: {
          file,
          sha256,
          bytes: 0,
          rows: series.rows,
          reading: { generator: 'quantai data synth', seed: String(seed), truths, config: text },
        },
        findings: kind === 'bars' ? [planted] : [],
        synthetic: true,
      };
    });
  });
};
