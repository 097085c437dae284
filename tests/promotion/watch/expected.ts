import { expectationOf, type ExpectationInput } from '../../../src/promotion/watch/expectation-of.js';
import type { LiveRecord } from '../../../src/promotion/watch/live-record.js';
import { random } from '../../../src/random.js';

/** Independent normal days. */
export const normalDays = (n: number, mean: number, sd: number, seed: string): number[] => {
  const draw = random(seed);
  return Array.from({ length: n }, () => mean + sd * draw.normal());
};

/** An expectation of two years with a Sharpe ratio of about 4, or of what is given. */
export const expected = (input: Partial<ExpectationInput> = {}) =>
  expectationOf({
    run: 'wf',
    returns: normalDays(730, 0.002, 0.01, 'expected'),
    trades: { wins: 110, count: 200 },
    slippageBps: 2,
    config: { falseAlarm: 0.05, horizon: 90 },
    seed: 1,
    paths: 500,
    ...input,
  });

export const liveRecord = (record: Partial<LiveRecord> = {}): LiveRecord => ({
  returns: [],
  trades: { wins: 0, count: 0 },
  slippage: null,
  drift: null,
  ...record,
});
