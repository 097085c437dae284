import { record, type Feature } from '../feature.js';
import { ascending, barCount, featureKey } from '../parameters.js';
import { delay } from '../windows/delay.js';
import type { Fold } from '../windows/fold.js';
import { rollingMaximum, rollingMinimum } from '../windows/rolling-extreme.js';

/** The lines of the cloud chart as they stand at this bar, in price. */
export type Ichimoku = Feature<{ readonly tenkan: number; readonly kijun: number; readonly senkouA: number; readonly senkouB: number }>;

/** Pass the forward shift of the cloud, in bars; the kijun's length unless said. */
export interface IchimokuOptions {
  readonly displacement?: number;
}

const middle = (n: number): ((high: number, low: number) => number) => {
  const highest: Fold = rollingMaximum(n);
  const lowest: Fold = rollingMinimum(n);
  return (high, low) => (highest(high) + lowest(low)) / 2;
};

/**
 * Ichimoku Kinko Hyo. `senkouA` and `senkouB` are the cloud over this bar, computed `displacement` bars ago and plotted forward to here.
 * The chikou span is not an output: it is today's close drawn in the past, where nobody could have seen it.
 */
export const ichimoku = (tenkan = 9, kijun = 26, senkou = 52, options: IchimokuOptions = {}): Ichimoku => {
  const name = 'ichimoku';
  ascending(name, {
    tenkan: barCount(name, 'tenkan', tenkan),
    kijun: barCount(name, 'kijun', kijun),
    senkou: barCount(name, 'senkou', senkou),
  });
  const displacement = barCount(name, 'displacement', options.displacement ?? kijun);
  const key = featureKey(name, tenkan, kijun, senkou, displacement === kijun ? undefined : `displacement=${displacement}`);
  return record(key, senkou + displacement, ['tenkan', 'kijun', 'senkouA', 'senkouB'], () => {
    const short = middle(tenkan);
    const medium = middle(kijun);
    const long = middle(senkou);
    const cloudA = delay(displacement);
    const cloudB = delay(displacement);
    return (bar, out, offset) => {
      const { high, low } = bar;
      let a = NaN;
      let b = NaN;
      let spanA = NaN;
      let spanB = NaN;
      if (Number.isFinite(high + low)) {
        a = short(high, low);
        b = medium(high, low);
        spanA = cloudA((a + b) / 2);
        spanB = cloudB(long(high, low));
      }
      const ready = Number.isFinite(spanB);
      out[offset] = ready ? a : NaN;
      out[offset + 1] = ready ? b : NaN;
      out[offset + 2] = ready ? spanA : NaN;
      out[offset + 3] = spanB;
    };
  });
};
