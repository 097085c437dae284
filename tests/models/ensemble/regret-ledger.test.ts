import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { bayesianAveraging } from '../../../src/models/ensemble/bayesian-averaging.js';
import type { EnsembleRule } from '../../../src/models/ensemble/ensemble-rule.js';
import { regretLedger } from '../../../src/models/ensemble/regret-ledger.js';
import type { ForecastRecord } from '../../../src/models/forecast-record.js';
import { random } from '../../../src/random.js';
import { nats, play, randomStream, regimeStream, sleepy, type Round } from './streams.js';

/** A record whose outcomes matured in the order of `maturedAt`, NaN for never. */
const recordOf = (rounds: readonly Round[], uncalibrated: readonly Float64Array[], maturedAt: readonly number[]): ForecastRecord => {
  const length = rounds.length;
  const models = rounds[0]!.awake.length;
  const none = new Float64Array(length).fill(NaN);
  const columns = Array.from({ length: models }, () => none);
  return {
    horizon: 1,
    label: 'any',
    symbols: ['BTCUSDT'],
    models: Array.from({ length: models }, (_, m) => `m${m}`),
    length,
    ts: Float64Array.from({ length }, (_, i) => i),
    symbol: new Float64Array(length),
    maturedAt: Float64Array.from(maturedAt),
    outcome: Float64Array.from(rounds, ({ label }, i) => (Number.isNaN(maturedAt[i]!) ? NaN : label)),
    realised: none,
    probability: Array.from({ length: models }, (_, m) =>
      Float64Array.from(rounds.flatMap(r => Array.from(r.probability.subarray(3 * m, 3 * m + 3)))),
    ),
    mean: columns,
    sd: columns,
    weight: columns,
    combined: new Float64Array(3 * length).fill(NaN),
    combinedMean: none,
    combinedSd: none,
    uncalibrated: Float64Array.from(uncalibrated.flatMap(three => Array.from(three))),
    low: none,
    high: none,
    coverage: 0.9,
    novelty: none,
    regime: none,
    trainings: [],
    drifts: [],
    importances: [],
  };
};

const playedAtOnce = (rule: EnsembleRule, rounds: readonly Round[]): ForecastRecord =>
  recordOf(
    rounds,
    play(rule.create(rounds[0]!.awake.length), rounds).map(({ combined }) => combined),
    rounds.map((_, i) => i + 1),
  );

describe('regretLedger', () => {
  test('is what counting anew at every moment gives, with sleepers, outcomes out of order and some that never came', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 40 }), (seed, models, length) => {
        const draw = random(`ledger ${seed}`);
        const rounds = sleepy(randomStream(seed, models, length), seed);
        const said = play(bayesianAveraging().create(models), rounds).map(({ combined }) =>
          draw.next() < 0.1 ? combined.map(() => NaN) : combined,
        );
        const maturedAt = rounds.map((_, i) => (draw.next() < 0.1 ? NaN : i + draw.int(6)));
        const ledger = regretLedger(recordOf(rounds, said, maturedAt));

        const counted = rounds.map((_, i) => i).filter(i => !Number.isNaN(maturedAt[i]!) && !Number.isNaN(said[i]![0]!));
        const moments = [...new Set(counted.map(i => maturedAt[i]!))].sort((a, b) => a - b);
        expect(Array.from(ledger.ts)).toEqual(moments);
        moments.forEach((now, k) => {
          const rows = counted.filter(i => maturedAt[i]! <= now);
          expect(ledger.count[k]).toBe(rows.length);
          const regret = (rival: (round: Round) => number): number =>
            rows.reduce((total, i) => {
              const p = rival(rounds[i]!);
              return Number.isNaN(p) ? total : total + nats(said[i]![rounds[i]!.label]!) - nats(p);
            }, 0);
          const members = Array.from({ length: models }, (_, m) => regret(({ probability, label }) => probability[3 * m + label]!));
          members.forEach((value, m) => expect(ledger.members[m]!.regret[k]).toBeCloseTo(value, 9));
          const spoken = members.filter((_, m) => rows.some(i => rounds[i]!.awake[m] === 1));
          if (spoken.length > 0) expect(ledger.againstBest[k]).toBeCloseTo(Math.max(...spoken), 9);
          else expect(ledger.againstBest[k]).toBeNaN();
          const equal = regret(({ probability, awake, label }) => {
            const awakeOnes = Array.from(awake.keys()).filter(m => awake[m] === 1);
            return awakeOnes.reduce((total, m) => total + probability[3 * m + label]! / awakeOnes.length, 0);
          });
          expect(ledger.againstEqual[k]).toBeCloseTo(equal, 9);
        });
      }),
      { numRuns: 60 },
    );
  });

  test('stays under ln N at every moment of a two-regime stream for Bayesian averaging that never forgets', () => {
    const ledger = regretLedger(playedAtOnce(bayesianAveraging({ forgetting: 1, evidence: 1, floor: 0 }), regimeStream(3, 600, 300)));
    for (const regret of ledger.againstBest) expect(regret).toBeLessThanOrEqual(Math.log(3) + 1e-9);
  });

  test('is below 0 against every single model where regimes change and the ensemble forgets', () => {
    const ledger = regretLedger(playedAtOnce(bayesianAveraging({ forgetting: 0.95, evidence: 1 }), regimeStream(2, 800, 100)));
    expect(ledger.againstBest.at(-1)).toBeLessThan(0);
  });

  test('names the model that is best so far, of equals the first', () => {
    const rounds = regimeStream(2, 30, 10);
    const ledger = regretLedger(playedAtOnce(bayesianAveraging(), rounds));
    expect(ledger.best[5]).toBe(0);
    expect(ledger.best[15]).toBe(0);
    expect(ledger.best[19]).toBe(0);
  });

  test('does not call best a model that never spoke, though it lost nothing', () => {
    const silent: Round = { probability: Float64Array.of(NaN, NaN, NaN, 0.3, 0.3, 0.4), awake: Uint8Array.of(0, 1), label: 0 };
    const ledger = regretLedger(recordOf([silent], [Float64Array.of(0.6, 0.2, 0.2)], [1]));
    expect(ledger.best[0]).toBe(1);
    expect(ledger.againstBest[0]).toBeCloseTo(Math.log(0.3 / 0.6), 12);
    expect(ledger.members[0]!.regret[0]).toBe(0);
  });

  test('is empty without outcomes', () => {
    const rounds = randomStream(1, 2, 3);
    const ledger = regretLedger(
      recordOf(
        rounds,
        rounds.map(() => Float64Array.of(0.3, 0.3, 0.4)),
        [NaN, NaN, NaN],
      ),
    );
    expect(ledger.ts).toHaveLength(0);
    expect(ledger.members.map(({ regret }) => regret.length)).toEqual([0, 0]);
  });
});
