import type { Chunk } from '../../../src/events/market.js';
import type { Instrument } from '../../../src/market/instrument.js';
import { random } from '../../../src/random.js';
import { HOUR } from '../../../src/time.js';

export const START = Date.UTC(2024, 0, 1);

export const instrument = (symbol: string, tickSize = 0.01): Instrument => ({
  symbol,
  exchange: 'test',
  kind: 'linear-perpetual',
  tickSize,
  lotSize: 0.001,
  minNotional: 0,
  contractSize: 1,
  maxLeverage: 10,
  maintenanceMarginRate: 0.01,
  source: 'test',
});

/** Hourly bars whose closes follow logarithmic returns, with small gaps and wicks; every bar's volume is its number, so that it can be known again. */
export const barsFrom = (symbol: string, returns: Float64Array, { price = 20_000, tick = 0.01, seed = 1 } = {}): Chunk => {
  const rows = returns.length;
  const draw = random(`${seed}/${symbol}`);
  const column = (): Float64Array => new Float64Array(rows);
  const [ts, o, h, l, c, v] = [column(), column(), column(), column(), column(), column()];
  const onTick = (x: number): number => Math.round(x / tick) / Math.round(1 / tick);
  let last = price;
  for (let i = 0; i < rows; i++) {
    ts[i] = START + i * HOUR;
    const close = last * Math.exp(returns[i]!);
    o[i] = onTick(last * Math.exp(0.0003 * draw.normal()));
    c[i] = onTick(close);
    h[i] = onTick(Math.max(o[i]!, c[i]!) * Math.exp(0.002 * draw.next()));
    l[i] = onTick(Math.min(o[i]!, c[i]!) * Math.exp(-0.002 * draw.next()));
    v[i] = i;
    last = close;
  }
  return { kind: 'bars', symbol, timeframe: '1h', rows, ts, columns: [o, h, l, c, v] };
};

/** GARCH(1,1) returns of two symbols that share part of their shocks: α 0.1, β 0.88. */
export const garchPair = (rows: number, correlation: number, seed: number): readonly [Float64Array, Float64Array] => {
  const draw = random(seed);
  const variance = [1e-4, 1e-4];
  const out = [new Float64Array(rows), new Float64Array(rows)] as const;
  for (let i = 0; i < rows; i++) {
    const shared = Math.sqrt(correlation) * draw.normal();
    for (let s = 0; s < 2; s++) {
      const r = Math.sqrt(variance[s]!) * (shared + Math.sqrt(1 - correlation) * draw.normal());
      out[s]![i] = r;
      variance[s] = 1e-4 * 0.02 + 0.1 * r * r + 0.88 * variance[s]!;
    }
  }
  return out;
};

/** Logarithmic returns from close to close. */
export const closeReturns = ({ columns: [, , , close], rows }: Chunk): Float64Array =>
  Float64Array.from({ length: rows - 1 }, (_, i) => Math.log(close![i + 1]! / close![i]!));

/** Rows that are left when some are taken away. */
export const rowsWhere = (chunk: Chunk, keep: (row: number) => boolean): Chunk => {
  const kept = [...chunk.ts.keys()].filter(keep);
  const pick = (column: Float64Array): Float64Array => Float64Array.from(kept, row => column[row]!);
  return { ...chunk, rows: kept.length, ts: pick(chunk.ts), columns: chunk.columns.map(pick) };
};
