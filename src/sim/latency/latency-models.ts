import type { LatencyConfig } from '../../engine/run-config.js';
import { usageError } from '../../errors.js';
import { random } from '../../random.js';
import type { LatencyModel } from './latency-model.js';

type ConfigOf<K extends LatencyConfig['kind']> = Omit<Extract<LatencyConfig, { kind: K }>, 'kind'>;

/** The same milliseconds on each leg, always. */
export const constantLatency = ({ feed = 0, order, cancel, report }: ConfigOf<'constant'>): LatencyModel => ({
  feed: () => feed,
  order: () => order,
  cancel: () => cancel,
  report: () => report,
});

/**
 * Each leg log-normal about its median: median × exp(sigma × z), z standard normal. Every leg, and every series of market data, draws from its own stream of the seed, so that more orders do not change the latency of the data, nor the order in which series are read.
 */
export const logNormalLatency = ({ feed, order, cancel, report, sigma }: ConfigOf<'log-normal'>, seed: number | string): LatencyModel => {
  const source = random(seed).fork('latency');
  const leg = (name: string, median: number): (() => number) => {
    const { normal } = source.fork(name);
    return () => (median === 0 || sigma === 0 ? median : median * Math.exp(sigma * normal()));
  };
  const lines = new Map<string, () => number>();
  const lineOf = (line: string): (() => number) => {
    const known = lines.get(line) ?? leg(`feed/${line}`, feed);
    lines.set(line, known);
    return known;
  };
  return {
    feed: (_, line = '') => lineOf(line)(),
    order: leg('order', order),
    cancel: leg('cancel', cancel),
    report: leg('report', report),
  };
};

/**
 * Linear between the two recorded samples around a time, the first and last sample before and after them. Cancels take as long as orders. As hftbacktest's `IntpOrderLatency`.
 *
 * Throws `bad-latency` when the columns differ in length or times do not ascend.
 */
export const recordedLatency = ({ ts, feed, order, report }: Omit<ConfigOf<'recorded'>, 'version'>): LatencyModel => {
  const at = Float64Array.from(ts);
  for (const column of [feed, order, report])
    if (column.length !== ts.length)
      throw usageError(
        'bad-latency',
        `There are ${ts.length} times but ${column.length} latencies.`,
        'Give one latency of each leg for each time.',
      );
  for (let i = 1; i < at.length; i++)
    if (!(at[i]! > at[i - 1]!))
      throw usageError(
        'bad-latency',
        `Recorded latencies must ascend in time, but ${at[i]!} follows ${at[i - 1]!}.`,
        'Sort them and leave one of each time.',
      );
  const leg = (latencies: readonly number[]): ((now: number) => number) => {
    const values = Float64Array.from(latencies);
    const last = at.length - 1;
    return now => {
      if (!(now > at[0]!)) return values[0]!;
      if (now >= at[last]!) return values[last]!;
      let low = 0;
      let high = last;
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (at[middle]! <= now) low = middle;
        else high = middle;
      }
      return values[low]! + (values[high]! - values[low]!) * ((now - at[low]!) / (at[high]! - at[low]!));
    };
  };
  const sent = leg(order);
  return { feed: leg(feed), order: sent, cancel: sent, report: leg(report) };
};

/** From its name in a configuration to the model. The seed is the run's. */
export const latencyModel = (config: LatencyConfig, seed: number): LatencyModel => {
  switch (config.kind) {
    case 'constant':
      return constantLatency(config);
    case 'log-normal':
      return logNormalLatency(config, seed);
    case 'recorded':
      return recordedLatency(config);
  }
};
