import { setImmediate as turn } from 'node:timers/promises';
import { flowOver } from '../../src/cluster/flow.js';
import type { JobEngine, JobOptions } from '../../src/cluster/job-engine.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import type { Params } from '../../src/engine/run-result.js';
import type { Chunk } from '../../src/events/market.js';
import type { Evaluation, EvaluationJob } from '../../src/experiments/evaluation.js';
import type { SweepSpec } from '../../src/experiments/sweep.js';
import { random } from '../../src/random.js';
import { float } from '../../src/strategies/params.js';
import { defineStrategy } from '../../src/strategies/strategy.js';
import { DAY, HOUR } from '../../src/time.js';

export const START = Date.UTC(2024, 0, 1);
export const DAYS = 120;
/** Of the fake backtest: see there for what a configuration earns. */
export const HANDLER = new URL('./handlers/fake-backtest.mjs', import.meta.url).href;

/** Hourly bars in which the right `k` is 3 for 50 days, then 6, then 9. */
const market = (): Chunk => {
  const rows = DAYS * 24;
  const shared = (): Float64Array => new Float64Array(new SharedArrayBuffer(8 * rows));
  const [ts, right, noise] = [shared(), shared(), shared()];
  const source = random('market');
  for (let i = 0; i < rows; i++) {
    ts[i] = START + i * HOUR;
    right[i] = i < 50 * 24 ? 3 : i < 80 * 24 ? 6 : 9;
    noise[i] = source.normal() * 0.002;
  }
  return { kind: 'bars', symbol: 'X', timeframe: '1h', rows, ts, columns: [right, right, right, noise, noise] };
};

export const config: RunConfig = {
  from: START,
  to: START + DAYS * DAY,
  symbols: ['X'],
  timeframe: '1h',
  seed: 1,
  capital: 10_000,
  leverage: 1,
  fees: { kind: 'maker-taker', maker: 0, taker: 0 },
  slippage: { kind: 'none' },
  latency: { kind: 'constant', order: 0, cancel: 0, report: 0 },
  funding: { kind: 'none' },
  fills: { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null },
  risk: { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null, maxDrawdown: null },
  delays: { bars: 0, funding: 0, mark: 0 },
  rebalanceBand: null,
  atEnd: 'close',
};

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
  data: { version: 'v1', chunks: [market()] },
  sampler: { kind: 'random', trials: 60 },
  objective: { metric: 'sharpe', minimumTrades: 10 },
  handler: HANDLER,
  ...change,
});
