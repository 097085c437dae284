import type { Chunk } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import { units } from '../../market/units.js';
import type { Random } from '../../random.js';

/** Market data that nobody ever traded on: a random walk with a few jumps, and funding every hour. */
export interface MadeUpMarket {
  readonly instruments: readonly Instrument[];
  readonly bars: readonly Chunk[];
  readonly funding: readonly Chunk[];
}

export const BAR_MS = 60_000;
const HOUR_MS = 3_600_000;

const madeUpInstrument = (symbol: string): Instrument => ({
  symbol,
  exchange: 'practice',
  kind: 'linear-perpetual',
  tickSize: 0.01,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 50,
  maintenanceMarginRate: 0.005,
  source: 'made up',
});

/** `bars` one-minute bars a symbol from `start` on; prices begin near 100. */
export const madeUpMarket = (random: Random, symbols: readonly string[], bars: number, start: number): MadeUpMarket => {
  const instruments = symbols.map(madeUpInstrument);
  const chunks = instruments.map((instrument): Chunk => {
    const chance = random.fork(instrument.symbol);
    const { ticks, price } = units(instrument);
    const columns = Array.from({ length: 5 }, () => new Float64Array(bars));
    const [open, high, low, close, volume] = columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    let last = 90 + 20 * chance.next();
    for (let i = 0; i < bars; i++) {
      const jump = chance.next() < 0.01 ? 0.02 * chance.normal() : 0;
      const end = Math.max(20, last * Math.exp(0.0015 * chance.normal() + jump));
      const reach = 0.001 * last;
      open[i] = price(ticks(last));
      close[i] = price(ticks(end));
      high[i] = price(ticks(Math.max(last, end) + reach * chance.next()));
      low[i] = price(ticks(Math.min(last, end) - reach * chance.next()));
      volume[i] = 1000 + Math.floor(9000 * chance.next());
      last = close[i] as number;
    }
    return {
      kind: 'bars',
      symbol: instrument.symbol,
      timeframe: '1m',
      rows: bars,
      ts: Float64Array.from({ length: bars }, (_, i) => start + i * BAR_MS),
      columns,
    };
  });
  const settlements = Math.floor((bars * BAR_MS) / HOUR_MS);
  const funding = instruments.map((instrument): Chunk => {
    const chance = random.fork(`${instrument.symbol} funding`);
    return {
      kind: 'funding',
      symbol: instrument.symbol,
      rows: settlements,
      ts: Float64Array.from({ length: settlements }, (_, i) => start + (i + 1) * HOUR_MS),
      columns: [
        Float64Array.from({ length: settlements }, () => Math.round(chance.normal() * 3e4) / 1e8),
        new Float64Array(settlements).fill(HOUR_MS),
      ],
    };
  });
  return { instruments, bars: chunks, funding };
};
