import type { RunConfig } from '../../engine/run-config.js';
import type { Params } from '../../engine/run-result.js';
import type { InputRange } from '../../events/feed.js';
import type { Chunk } from '../../events/market.js';
import type { Instrument } from '../../market/instrument.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { Span } from '../splits/fold.js';
import type { CheckResult, CheckSubject } from './check.js';

/** What is searched for leaks: one strategy with one set of parameters over one window, run in this thread. */
export interface LeakSubject {
  /** The strategy, given the data that it will run on: a real one ignores it, a planted leak looks into it. */
  readonly strategyOn: (chunks: readonly Chunk[]) => Strategy;
  /** Resolved values (see `resolveParams`). */
  readonly params: Params;
  /** `from` and `to` are the window. */
  readonly config: RunConfig;
  readonly instruments: readonly Instrument[];
  readonly chunks: readonly Chunk[];
  readonly inputs?: readonly InputRange[];
}

/** What a leak check draws: lines against bars of history, or one bar for each thing that was looked at. */
export type LeakPlot =
  | {
      readonly kind: 'lines';
      readonly x: string;
      readonly y: string;
      readonly lines: readonly { readonly name: string; readonly points: readonly { readonly x: number; readonly y: number }[] }[];
      /** Where to look, on the horizontal axis. */
      readonly mark: { readonly x: number; readonly label: string } | null;
    }
  | {
      readonly kind: 'bars';
      readonly x: string;
      readonly bars: readonly { readonly label: string; readonly value: number; readonly alarm: boolean }[];
    };

/** What a leak check says, with what it draws; null when there is nothing to draw. */
export interface LeakResult extends CheckResult {
  readonly family: 'leak';
  readonly plot: LeakPlot | null;
}

/** A leak check's answer without the members that are the same for all of them. */
export const leakResult = (result: Pick<LeakResult, 'id' | 'title' | 'verdict' | 'sentence'> & Partial<LeakResult>): LeakResult => ({
  family: 'leak',
  base: null,
  points: [],
  axis: null,
  plot: null,
  ...result,
});

/**
 * What of an experiment is searched for leaks: the parameters of the last window that traded, over the whole time from the first window to the last. A leak is in the code, so one
 * set of parameters shows it; what was declared for another set is not looked at. Null when nothing traded.
 */
export const leakSubject = ({ strategy, shared, steps }: CheckSubject): (LeakSubject & { readonly window: Span }) | null => {
  const { params = null, window } = steps.findLast(step => step.params !== null) ?? {};
  const [first, last] = [steps[0], steps.at(-1)];
  if (params === null || window === undefined || first === undefined || last === undefined) return null;
  const { config, instruments, chunks } = shared;
  return {
    strategyOn: () => strategy,
    params,
    window,
    config: { ...config, from: first.window.from, to: last.window.to },
    instruments,
    chunks,
  };
};
