import { afterAll, describe, expect, test } from 'vitest';
import { flowOver } from '../../../src/cluster/flow.js';
import { inProcessEngine } from '../../../src/cluster/in-process.js';
import type { JobEngine } from '../../../src/cluster/job-engine.js';
import { piscinaEngine } from '../../../src/cluster/piscina.js';
import type { Check, CheckSubject, Probe } from '../../../src/experiments/checks/check.js';
import { costStress } from '../../../src/experiments/checks/cost-stress.js';
import { missingBarsCheck } from '../../../src/experiments/checks/missing-bars.js';
import { oneBarDelay } from '../../../src/experiments/checks/one-bar-delay.js';
import { EVALUATE_PROBE, type ProbeJob, type ProbeReport } from '../../../src/experiments/checks/probe-job.js';
import { parameterJitter } from '../../../src/experiments/checks/parameter-jitter.js';
import { startDateCheck } from '../../../src/experiments/checks/start-date.js';
import type { ChecksSpec } from '../../../src/experiments/checks/run-checks.js';
import { checkResult } from '../../../src/experiments/checks/verdict-of-check.js';
import { EVALUATE, type Evaluation, type EvaluationJob, type EvaluationShared } from '../../../src/experiments/evaluation.js';
import type { JobStore } from '../../../src/experiments/job-store.js';
import { countTrials } from '../../../src/experiments/count-trials.js';
import { openTrialLedger, type Trial } from '../../../src/experiments/trial-ledger.js';
import { trialHash } from '../../../src/experiments/trial.js';
import { usageError } from '../../../src/errors.js';
import { checked, days, planted, plantedGains, START, subjectOf } from './planted-edges.js';

const FAKE = new URL('../handlers/fake-probe.mjs', import.meta.url).href;
const chunks = [plantedGains(30, { mean: 0.003, deviation: 0.002, noise: 0.0005 })];
const tuned = planted(
  'tuned',
  'return hour === context.params.enter ? 1 : hour === context.params.enter + 4 ? 0 : undefined;',
  `params: { enter: { kind: 'int', min: 0, max: 19, step: 1, log: false, default: 10, search: true } },`,
);
const window = (from: number, to: number) => ({ from: START + days(from), to: START + days(to) });
const subject = await subjectOf({
  file: tuned,
  chunks,
  steps: [
    { params: { enter: 10 }, window: window(2, 10) },
    { params: null, window: window(10, 14) },
    { params: { enter: 11 }, window: window(14, 30) },
  ],
});

/** A check that tells the fingerprints that it was given. */
const teller = (id: string, probes: readonly Probe[]): Check => ({
  id,
  title: id,
  family: 'fragility',
  plan: () => probes,
  judge: (_subject, base, outcomes) =>
    checkResult({ id, title: id, family: 'fragility' }, 'pass', [base, ...outcomes].map(o => o.fingerprint).join(' ')),
});

const lost = (seed: string): Probe => ({ name: `seed ${seed}`, change: { kind: 'missing-bars', share: 0.1, seed } });

/** An engine whose jobs are seen. */
const watched = (engine: JobEngine = inProcessEngine()): { engine: JobEngine; jobs: ProbeJob[] } => {
  const jobs: ProbeJob[] = [];
  const run: JobEngine['run'] = (handler, payloads, options) => {
    jobs.push(...payloads.map(payload => payload as ProbeJob));
    return engine.run(handler, payloads, options);
  };
  return { engine: { workers: engine.workers, run, flow: flowOver(run), close: () => engine.close() }, jobs };
};

const memoryStore = (): JobStore & { readonly kept: Map<string, unknown> } => {
  const kept = new Map<string, unknown>();
  return {
    kept,
    read: <R>(hash: string) => Promise.resolve(kept.get(hash) as R | undefined),
    write: (hash, result) => {
      kept.set(hash, result);
      return Promise.resolve();
    },
    remove: hash => Promise.resolve(void kept.delete(hash)),
  };
};

const faked = (checks: readonly Check[], change: Partial<ChecksSpec> = {}, of: CheckSubject = subject) =>
  checked(of, checks, { handler: FAKE, ...change });

describe('a probe', () => {
  const evaluate = async (job: ProbeJob): Promise<ProbeReport> =>
    (await inProcessEngine().run<ProbeJob, ProbeReport, EvaluationShared>(EVALUATE_PROBE, [job], { shared: subject.shared }))[0]!;

  test('chains its windows: each begins flat with the equity that the one before left, and one without parameters stands still', async () => {
    const report = await evaluate({ change: {}, steps: subject.steps, whole: true });
    if (report.kind !== 'done') throw new Error(report.reason);
    // The same windows by the evaluations of a walk-forward.
    let capital = subject.shared.config.capital;
    const fingerprints: string[] = [];
    for (const { params, window: own } of subject.steps) {
      if (params === null) continue;
      const [[evaluation] = []] = await inProcessEngine().run<EvaluationJob, readonly Evaluation[], EvaluationShared>(
        EVALUATE,
        [{ window: own, capital, configurations: [params], keep: 'segment' }],
        { shared: subject.shared },
      );
      capital = evaluation!.segment!.finalEquity;
      fingerprints.push(evaluation!.fingerprint);
    }
    const { outcome, steps } = report;
    expect(outcome.segment!.finalEquity).toBe(capital);
    expect(outcome.metrics['totalReturn']).toBeCloseTo(capital / 100_000 - 1, 12);
    expect(outcome.returns).toHaveLength(28);
    expect([...outcome.returns.subarray(8, 12)]).toEqual([0, 0, 0, 0]);
    expect(steps.map(step => step?.returns.length ?? null)).toEqual([8, null, 16]);
    expect(new Set(fingerprints).size).toBe(2);
  });

  test('keeps its trades when it is the subject as it is, and not otherwise', async () => {
    const [whole, other] = [
      await evaluate({ change: {}, steps: subject.steps, whole: true }),
      await evaluate({ change: {}, steps: subject.steps, whole: false }),
    ];
    if (whole.kind !== 'done' || other.kind !== 'done') throw new Error('it cannot be run');
    expect(whole.outcome.segment!.roundTrips.length).toBeGreaterThan(20);
    expect(other.outcome).toEqual({ ...whole.outcome, segment: null });
  });

  test('says why these data do not allow a change, and what a strategy throws on changed ones', async () => {
    const change = { kind: 'synthetic-history', seed: 1, meanBlock: 0.5 } as const;
    expect(await evaluate({ change: { change }, steps: subject.steps, whole: false })).toMatchObject({ kind: 'refused' });
    const brittle = planted(
      'brittle',
      'if (bar.openTime - (context.memory.last ?? bar.openTime - 3600000) > 3600000) throw new TypeError("hole"); context.memory.last = bar.openTime; return hour === 10 ? 1 : hour === 14 ? 0 : undefined;',
      'params: {}, memory: () => ({}),',
    );
    const [result] = await checked(await subjectOf({ file: brittle, chunks }), [missingBarsCheck(1)]);
    expect(result).toMatchObject({
      verdict: 'fail',
      sentence: expect.stringMatching(/^It breaks off with 1% of the bars missing, draw 1: .*hole/),
    });
  });
});

describe('checks', () => {
  const workers = piscinaEngine({ workers: 2 });
  afterAll(() => workers.close());

  test('share the runs that are alike, and one that changes nothing is the subject', async () => {
    const { engine, jobs } = watched();
    const [a, b] = await faked([teller('a', [lost('1'), lost('2')]), teller('b', [lost('2'), { name: 'nothing' }, lost('1')])], { engine });
    expect(jobs.map(({ whole }) => whole)).toEqual([true, false, false]);
    const [base, one, two] = a!.sentence.split(' ');
    expect(b!.sentence).toBe([base, two, base, one].join(' '));
  });

  test('give the same on any number of workers', async () => {
    const all = [oneBarDelay(), missingBarsCheck(2)];
    expect(await checked(subject, all, { engine: workers })).toEqual(await checked(subject, all));
  });

  test('go on after an interrupt where they were, to the same end', async () => {
    const all = [teller('a', [lost('1'), lost('2'), lost('3')])];
    const whole = await faked(all);
    const store = memoryStore();
    const abort = new AbortController();
    const interrupted = faked(all, {
      store,
      signal: abort.signal,
      onProgress: ({ done }) => {
        if (done === 2) abort.abort(new Error('stop'));
      },
    });
    await expect(interrupted).rejects.toThrow('stop');
    expect(store.kept.size).toBe(2);
    const { engine, jobs } = watched();
    const seen: number[] = [];
    expect(await faked(all, { store, engine, onProgress: ({ done, total, reused }) => seen.push(done, total, reused) })).toEqual(whole);
    expect(jobs).toHaveLength(2);
    expect(seen.slice(-3)).toEqual([4, 4, 2]);
    // Another run of the same code is another: nothing of it may be reused.
    const other = watched();
    await faked(
      all,
      { store, engine: other.engine },
      { ...subject, shared: { ...subject.shared, config: { ...subject.shared.config, seed: 99 } } },
    );
    expect(other.jobs).toHaveLength(4);
  });

  test('that cannot be made say why, and the others are made', async () => {
    const thrown: Check = {
      ...teller('thrown', []),
      judge: () => {
        throw usageError('no-trades', 'There are no trades.');
      },
    };
    const unplanned: Check = {
      ...teller('unplanned', []),
      plan: () => {
        throw usageError('too-short', 'The history is too short.');
      },
    };
    const results = await faked([
      thrown,
      unplanned,
      teller('refused', [lost('refuse')]),
      teller('broken', [lost('1'), lost('break')]),
      teller('fine', [lost('1')]),
    ]);
    expect(results.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['thrown', 'untested'],
      ['unplanned', 'untested'],
      ['refused', 'untested'],
      ['broken', 'fail'],
      ['fine', 'pass'],
    ]);
    expect(results.map(({ sentence }) => sentence).slice(0, 4)).toEqual([
      'There are no trades.',
      'The history is too short.',
      'seed refuse: These data do not allow it.',
      'It breaks off with seed break: x is undefined',
    ]);
  });

  test('that ask what is left of a profit make no run where there is none', async () => {
    const { engine, jobs } = watched();
    const losing = await subjectOf({ file: tuned, chunks: [plantedGains(30, { mean: -0.002, deviation: 0.001 })], params: { enter: 10 } });
    const results = await checked(losing, [costStress(), missingBarsCheck(2), teller('always', [lost('1')])], { engine });
    expect(jobs.map(({ whole }) => whole)).toEqual([true, false]);
    expect(results.map(({ verdict }) => verdict)).toEqual(['untested', 'untested', 'pass']);
    expect(results[0]!.sentence).toContain('earns nothing as it is');
  });

  test('do not hide a defect', async () => {
    const broken: Check = {
      ...teller('broken', []),
      judge: (): never => {
        throw new RangeError('a defect');
      },
    };
    await expect(faked([broken])).rejects.toThrow('a defect');
  });
});

describe('the ledger', () => {
  test('holds every run before it begins: neighbours as tried, all else as checks of what was tried', async () => {
    const events: string[] = [];
    const trials: Trial[] = [];
    const ledger = {
      begin: (begun: readonly Trial[]) => {
        trials.push(...begun);
        events.push(...begun.map(trial => `begin ${trialHash(trial).slice(0, 8)} ${trial.role}`));
        return Promise.resolve();
      },
      settle: (trial: Trial) => {
        const name = trialHash(trial).slice(0, 8);
        expect(events.some(event => event.startsWith(`begin ${name}`))).toBe(true);
        events.push(`settle ${name}`);
        return Promise.resolve();
      },
      close: () => Promise.resolve(),
    };
    await faked([costStress(), parameterJitter(), missingBarsCheck(1), startDateCheck(2)], { ledger });
    const hash = (params: object, from: number, to: number, data: string): string =>
      trialHash({ code: subject.shared.bundle, data, params: params as Trial['params'], range: window(from, to) });
    const recorded = trials[0]!.data;
    const of = (role: Trial['role']): Set<string> => new Set(trials.filter(trial => trial.role === role).map(trialHash));
    // However often costs, data and starts are changed: two windows, one configuration each.
    expect(of('check')).toEqual(new Set([hash({ enter: 10 }, 2, 10, recorded), hash({ enter: 11 }, 14, 30, recorded)]));
    expect(of('train')).toEqual(
      new Set([
        hash({ enter: 9 }, 2, 10, recorded),
        hash({ enter: 11 }, 2, 10, recorded),
        hash({ enter: 10 }, 14, 30, recorded),
        hash({ enter: 12 }, 14, 30, recorded),
      ]),
    );
    expect(events.filter(event => event.startsWith('settle'))).toHaveLength(trials.length);
  });

  test('on disk counts neighbours and nothing twice', async ({ onTestFinished }) => {
    const { mkdtemp, rm } = await import('node:fs/promises');
    const folder = await mkdtemp('/tmp/checks-ledger-');
    onTestFinished(() => rm(folder, { recursive: true }));
    for (const run of ['a', 'b']) {
      const ledger = await openTrialLedger(folder, run, () => 0);
      await faked([costStress(), parameterJitter(), missingBarsCheck(2), startDateCheck(2)], { ledger });
      await ledger.close();
    }
    // Two of the subject, four neighbours.
    expect((await countTrials(folder)).distinct).toBe(6);
  });
});

describe('a strategy with models', () => {
  test('is not trained anew unless that is asked for', async () => {
    const forecasting = {
      ...subject,
      strategy: { ...subject.strategy, forecasts: (): never => ({ features: 'none' }) as never },
    };
    const plan = missingBarsCheck(2);
    const { engine, jobs } = watched();
    const [result] = await faked([plan], { engine }, forecasting);
    expect(result).toMatchObject({ verdict: 'untested', sentence: expect.stringContaining('trained anew') });
    expect(jobs).toHaveLength(1);
  });
});
