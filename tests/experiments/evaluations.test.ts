import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { flowOver } from '../../src/cluster/flow.js';
import type { JobEngine, JobOptions } from '../../src/cluster/job-engine.js';
import type { RunConfig } from '../../src/engine/run-config.js';
import { countTrials } from '../../src/experiments/count-trials.js';
import type { Evaluation } from '../../src/experiments/evaluation.js';
import { evaluatorOf, type PlannedJob } from '../../src/experiments/evaluations.js';
import type { JobStore } from '../../src/experiments/job-store.js';
import { openTrialLedger, type TrialLedger } from '../../src/experiments/trial-ledger.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'evaluations-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const evaluation: Evaluation = {
  fingerprint: 'f',
  metrics: { sharpe: 1 },
  sharpePerPeriod: 0.05,
  returns: Float64Array.of(0.01, -0.01),
  returnTs: null,
  segment: null,
};
/** Finishes jobs one after another, unless told to die before one. */
const engineThat = ({ diesAt = Infinity }: { readonly diesAt?: number } = {}): JobEngine => {
  const run = async <P, R>(_handler: string, payloads: readonly P[], { onStart, onResult }: JobOptions<R> = {}): Promise<R[]> => {
    for (const i of payloads.keys()) {
      if (i >= diesAt) throw new Error('the machine stopped');
      await onStart?.([i]);
      onResult?.(i, [evaluation] as R);
    }
    return payloads.map(() => [evaluation] as R);
  };
  return { workers: 1, run, flow: flowOver(run), close: () => Promise.resolve() };
};
const job = (fast: number): PlannedJob => ({
  name: `job ${fast}`,
  role: 'train',
  window: { from: 0, to: 100 },
  capital: 1000,
  configurations: [{ fast }],
  keep: 'returns',
});
const evaluator = (ledger: TrialLedger, store: JobStore, engine = engineThat()) =>
  evaluatorOf({
    engine,
    handler: 'h',
    shared: { strategy: { builtin: 's' }, bundle: 'c', instruments: [], config: {} as RunConfig, chunks: [] },
    store,
    ledger,
    identity: { strategy: 's', code: 'c', data: 'd', config: 'x', platform: 'p' },
    objective: () => 1,
  });
const evaluate = async (store: JobStore, jobs: readonly PlannedJob[], engine?: JobEngine): Promise<void> => {
  const ledger = await openTrialLedger(folder, 'run', () => 0);
  try {
    await evaluator(ledger, store, engine).run(jobs);
  } finally {
    await ledger.close();
  }
};

describe('the jobs of a search', () => {
  test('are kept once their results are on record, so that a job that is not run again has its results there', async () => {
    const order: string[] = [];
    const ledger: TrialLedger = {
      begin: trials => Promise.resolve(void order.push(`${trials.length} begun`)),
      // A disk takes its time.
      settle: ({ params }) => new Promise(done => setImmediate(() => done(void order.push(`${params['fast']} on record`)))),
      close: () => Promise.resolve(),
    };
    const store: JobStore = {
      read: () => Promise.resolve(undefined),
      write: () => Promise.resolve(void order.push('kept')),
      remove: () => Promise.resolve(),
    };
    await evaluator(ledger, store).run([job(1)]);
    expect(order).toEqual(['1 begun', '1 on record', 'kept']);
  });

  test('that an earlier run finished are recalled with what came of them, by a ledger that may not have them', async () => {
    const recalled: [unknown, unknown][] = [];
    const begun: unknown[] = [];
    const ledger: TrialLedger = {
      begin: trials => Promise.resolve(void begun.push(...trials.map(({ params }) => params['fast']))),
      recall: done =>
        Promise.resolve(
          void recalled.push(...done.map(({ trial, outcome }): [unknown, unknown] => [trial.params['fast'], outcome?.sharpe])),
        ),
      settle: () => Promise.resolve(),
      close: () => Promise.resolve(),
    };
    const kept = new Map<string, unknown>();
    const store: JobStore = {
      read: <R>(hash: string) => Promise.resolve(kept.get(hash) as R | undefined),
      write: (hash, result) => Promise.resolve(void kept.set(hash, result)),
      remove: hash => Promise.resolve(void kept.delete(hash)),
    };
    await evaluator(ledger, store).run([job(1)]);
    await evaluator(ledger, store).run([job(1), job(2)]);
    expect([begun, recalled]).toEqual([[1, 2], [[1, 0.05]]]);
    // One that cannot be recalled is not gone on from.
    const away = { ...ledger, recall: () => Promise.reject(new Error('away')) };
    await expect(evaluator(away, store).run([job(1), job(3)])).rejects.toThrow('away');
    expect(begun).toEqual([1, 2]);
  });

  test('count from their beginning: those that ran, the one that was under way, and none that was not reached', async () => {
    const kept = new Map<string, unknown>();
    const store: JobStore = {
      read: <R>(hash: string) => Promise.resolve(kept.get(hash) as R | undefined),
      write: (hash, result) => Promise.resolve(void kept.set(hash, result)),
      remove: hash => Promise.resolve(void kept.delete(hash)),
    };
    const jobs = [1, 2, 3, 4].map(job);
    await expect(evaluate(store, jobs, engineThat({ diesAt: 2 }))).rejects.toThrow('the machine stopped');
    expect(await countTrials(folder)).toMatchObject({ distinct: 2, unsettled: 0 });
    await evaluate(store, jobs);
    // Those in the store are not begun again.
    expect(await countTrials(folder)).toMatchObject({ distinct: 4, lines: 4, unsettled: 0 });
  });

  test('that turn out to be in doubt are not kept, and the others are', async () => {
    const kept = new Map<string, unknown>();
    const store: JobStore = {
      read: <R>(hash: string) => Promise.resolve(kept.get(hash) as R | undefined),
      write: (hash, result) => new Promise(done => setImmediate(() => done(void kept.set(hash, result)))),
      remove: hash => Promise.resolve(void kept.delete(hash)),
    };
    const sound = engineThat();
    const run: JobEngine['run'] = async (handler, payloads, options = {}) => {
      await sound.run(handler, payloads, options);
      options.onDoubt?.(1);
      throw new Error('two results');
    };
    const flow: JobEngine['flow'] = async (root, options = {}) => {
      await sound.flow(root, options);
      options.onDoubt?.(root.children![1]!);
      throw new Error('two results');
    };
    const jobs = [1, 2, 3].map(job);
    await expect(evaluate(store, jobs, { ...sound, run })).rejects.toThrow('two results');
    expect(kept.size).toBe(2);
    // A flow names also what it was told to be known.
    const ledger = await openTrialLedger(folder, 'flow', () => 0);
    const all = evaluator(ledger, store, { ...sound, flow }).flow(jobs, leaves => ({
      handler: 'h',
      payload: {},
      name: 'all',
      children: leaves,
    }));
    await expect(all).rejects.toThrow('two results');
    await ledger.close();
    expect(kept.size).toBe(2);
    expect(await Promise.all([...kept.keys()].map(hash => store.read(hash)))).not.toContain(undefined);
    await evaluate(store, jobs);
    expect(kept.size).toBe(3);
  });
});
