import { setImmediate as turn } from 'node:timers/promises';
import { flowOver } from '../../src/cluster/flow.js';
import type { JobEngine, JobOptions } from '../../src/cluster/job-engine.js';
import type { Params } from '../../src/engine/run-result.js';
import type { Evaluation, EvaluationJob } from '../../src/experiments/evaluation.js';
import type { SweepSpec } from '../../src/experiments/sweep.js';
import { float } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { DAY } from '../../src/time.js';
import { changingMarket, DAYS, fakeConfig, HANDLER } from './fake-market.js';

export const config = fakeConfig(DAYS);

/** `k` decides what is earned, `idle` nothing. */
export const strategy = defineStrategy({
  name: 'fake',
  params: { k: float(1, 10, { default: 5 }), idle: float(0, 1, { default: 0.5 }) },
  decide: () => [],
});

/** What a configuration earns, given by a formula instead of a backtest. */
export type Surface = (params: Params, days: number) => { readonly returns: Float64Array; readonly metrics?: Evaluation['metrics'] };

/** An engine that evaluates a surface; it notes the jobs it was given. */
export const surfaceEngine = (surface: Surface): JobEngine & { readonly jobs: EvaluationJob[] } => {
  const jobs: EvaluationJob[] = [];
  const evaluate = ({ window, configurations, keep }: EvaluationJob): readonly Evaluation[] =>
    configurations.map(params => {
      const { returns, metrics } = surface(params, Math.round((window.to - window.from) / DAY));
      const mean = returns.reduce((sum, one) => sum + one, 0) / returns.length;
      const deviation = Math.sqrt(returns.reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / (returns.length - 1));
      const sharpe = mean / deviation;
      return {
        fingerprint: JSON.stringify([params, window]),
        metrics: { sharpe: sharpe * Math.sqrt(365), totalReturn: mean * returns.length, trades: 100, ...metrics },
        sharpePerPeriod: sharpe,
        returns: keep === 'returns' ? returns : null,
        returnTs: keep === 'returns' ? returns.map((_, i) => window.from + (i + 1) * DAY) : null,
        segment: null,
      };
    });
  const run = async <P, R, S>(
    _handler: string,
    payloads: readonly P[],
    { signal, onStart, onResult }: JobOptions<R, S> = {},
  ): Promise<R[]> => {
    const results: R[] = [];
    for (const [i, payload] of payloads.entries()) {
      signal?.throwIfAborted();
      await onStart?.([i]);
      const job = payload as EvaluationJob;
      jobs.push(job);
      const result = evaluate(job) as R;
      results.push(result);
      onResult?.(i, result);
      await turn();
    }
    return results;
  };
  return { jobs, workers: 1, run, flow: flowOver(run), close: () => Promise.resolve() };
};

/** A sweep of the fake strategy; the engine has to be given. */
export const specOf = (change: Partial<SweepSpec> & Pick<SweepSpec, 'engine'>): SweepSpec => ({
  runId: 'run-1',
  strategy: { ref: { builtin: 'fake' }, hash: 'builtin:fake', strategy },
  config,
  instruments: [],
  data: { version: 'v1', chunks: [changingMarket()] },
  sampler: { kind: 'random', trials: 60 },
  objective: { metric: 'sharpe', minimumTrades: 10 },
  handler: HANDLER,
  ...change,
});
