import type { Bar } from '../events/market.js';
import { usageError } from '../errors.js';
import type { Feature } from './feature.js';

/**
 * `outer` over the values of `inner` instead of over prices: `appliedTo(ema(9), rsi(14))` is the 9-bar average of the RSI. All four prices
 * that `outer` sees are that value; volume and times are the bar's. `output` chooses one of an inner feature's several numbers.
 * Throws a usage error when the choice is missing or unknown.
 */
export const appliedTo = <V>(outer: Feature<V>, inner: Feature, output?: string): Feature<V> => {
  const index = output === undefined && inner.outputs.length === 1 ? 0 : inner.outputs.indexOf(output ?? '');
  if (index < 0)
    throw usageError(
      'bad-feature-output',
      output === undefined ? `${inner.key} has several outputs.` : `${inner.key} has no output "${output}".`,
      `Name one of ${inner.outputs.join(', ')}.`,
    );
  const name = inner.outputs.length === 1 ? inner.key : `${inner.key}.${inner.outputs[index]}`;
  return {
    key: `${outer.key}@${name}`,
    warmup: inner.warmup + outer.warmup - 1,
    outputs: outer.outputs,
    create: () => {
      const innerStep = inner.create();
      const outerStep = outer.create();
      const values = new Float64Array(inner.outputs.length);
      let bar: Bar | undefined;
      // One view for the life of the fold: its prices are the inner value, the rest is the bar at hand.
      const view: Bar = {
        get symbol() {
          return bar!.symbol;
        },
        get timeframe() {
          return bar!.timeframe;
        },
        get openTime() {
          return bar!.openTime;
        },
        get ts() {
          return bar!.ts;
        },
        get open() {
          return values[index]!;
        },
        get high() {
          return values[index]!;
        },
        get low() {
          return values[index]!;
        },
        get close() {
          return values[index]!;
        },
        get volume() {
          return bar!.volume;
        },
      };
      return (now, out, offset) => {
        bar = now;
        innerStep(now, values, 0);
        outerStep(view, out, offset);
      };
    },
  };
};
