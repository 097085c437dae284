import { usageError } from '../../errors.js';
import type { Chunk } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import { units } from '../../market/units.js';
import { checkedSize } from './checked-size.js';
import { seriesDraws } from './series-draws.js';

/** How far closes are shifted. */
export interface NoisyClosesOptions {
  /** Standard deviation of the shift in hundredths of a percent of the close, 0 to 1,000. */
  readonly bps: number;
  readonly seed: number | string;
  /** Of all symbols with bars, for their ticks. */
  readonly instruments: readonly Instrument[];
}

/**
 * The same history with every close shifted by normal noise, as if each bar had ended a moment earlier or later: does the result hang on the last digits? Closes
 * stay on tick and above zero; highs and lows give way where a close goes beyond them; opens, volumes and other kinds stay. The same seed gives the same noise at
 * any size. Throws a usage error for noise out of range or an instrument that is missing.
 */
export const noisyCloses = (chunks: readonly Chunk[], { bps, seed, instruments }: NoisyClosesOptions): readonly Chunk[] => {
  const scale = checkedSize(bps, 1000, 'a noise in basis points') / 10_000;
  const drawsOf = seriesDraws(seed, 'noisy-closes');
  return chunks.map(chunk => {
    if (chunk.kind !== 'bars') return chunk;
    const instrument = instruments.find(({ symbol }) => symbol === chunk.symbol);
    if (instrument === undefined)
      throw usageError('unknown-symbol', `There is no instrument for ${chunk.symbol}.`, 'Give one for each symbol with bars.');
    const { ticks, price } = units(instrument);
    const draws = drawsOf(chunk);
    const [open, high, low, close, volume] = chunk.columns as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
    const [h, l, c] = [high.slice(), low.slice(), close.slice()];
    for (let row = 0; row < chunk.rows; row++) {
      const shift = scale * draws.normal();
      if (shift === 0) continue;
      const shifted = price(Math.max(1, ticks(close[row]! * (1 + shift))));
      c[row] = shifted;
      h[row] = Math.max(high[row]!, shifted);
      l[row] = Math.min(low[row]!, shifted);
    }
    return { ...chunk, columns: [open, h, l, c, volume] };
  });
};
