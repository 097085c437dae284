import { random } from '../../src/random.js';
import type { Random } from '../../src/random.js';
import { expectationOf } from '../../src/promotion/watch/expectation-of.js';
import { judgeLive } from '../../src/promotion/watch/judge-live.js';

/** Daily returns with mean 0 and deviation 1, stationary from the first day on. */
export interface DailyLaw {
  readonly name: string;
  readonly days: (n: number, draw: Random) => Float64Array;
}

const autoregression = (phi: number): DailyLaw => ({
  name: `AR(1) ${phi}`,
  days: (n, draw) => {
    const fresh = Math.sqrt(1 - phi * phi);
    let x = draw.normal();
    return Float64Array.from({ length: n }, () => (x = phi * x + fresh * draw.normal()));
  },
});

const garch = (alpha: number, beta: number): DailyLaw => ({
  name: `GARCH ${alpha} ${beta}`,
  days: (n, draw) => {
    const out = new Float64Array(n);
    let [variance, e] = [1, 0];
    for (let i = -2000; i < n; i++) {
      variance = 1 - alpha - beta + alpha * e * e + beta * variance;
      e = Math.sqrt(variance) * draw.normal();
      if (i >= 0) out[i] = e;
    }
    return out;
  },
});

/** Student's t with four degrees of freedom, scaled to deviation 1. */
const fatTails: DailyLaw = {
  name: 't4',
  days: (n, draw) =>
    Float64Array.from({ length: n }, () => {
      let chi = 0;
      for (let k = 0; k < 4; k++) {
        const z = draw.normal();
        chi += z * z;
      }
      return draw.normal() / Math.sqrt(chi / 4) / Math.SQRT2;
    }),
};

/** What the test of profit is tried on: plain, wild, remembering and both ways of calm and storm. */
export const DAILY_LAWS: readonly DailyLaw[] = [
  { name: 'normal', days: (n, draw) => Float64Array.from({ length: n }, () => draw.normal()) },
  fatTails,
  autoregression(0.3),
  autoregression(-0.2),
  garch(0.1, 0.8),
  garch(0.08, 0.9),
];

/** How the sessions are made. */
export interface WatchStudy {
  /** Days of history, and of the horizon that a session lasts. */
  readonly history: number;
  readonly horizon: number;
  readonly falseAlarm: number;
  readonly sessions: number;
  readonly paths: number;
  /** Annual Sharpe ratio that the strategy truly has. */
  readonly sharpe: number;
}

/** What came of the sessions. */
export interface WatchOutcome {
  /** Sessions that traded as the history did, and alarmed in test of profit. */
  readonly falseAlarms: number;
  /** Of those whose edge went on a day drawn from the first horizon: with a stated delay at all, and caught within it. */
  readonly stated: number;
  readonly caught: number;
  /** Median of the stated delays, days; NaN without any. */
  readonly delay: number;
}

const DEVIATION = 0.01;

/** Day, counted from the loss, on which the test of profit alarms; beyond `most` it is not looked for. An alarm before the loss is false, and the test begins anew after it. */
const caughtAfter = (expectation: ReturnType<typeof expectationOf>, returns: readonly number[], lost: number, most: number): number => {
  const { mean, sd, test } = expectation;
  let sum = 0;
  for (let t = 0; t < lost + most; t++) {
    if (t % test.horizon === 0) sum = 0;
    sum += (mean - returns[t]!) / sd;
    if (!(sum > test.threshold)) continue;
    if (t >= lost) return t - lost + 1;
    sum = 0;
  }
  return Infinity;
};

/** Sessions of one law, each with a history of its own that the test knows and a session that it does not. */
export const watchSessions = (
  law: DailyLaw,
  { history, horizon, falseAlarm, sessions, paths, sharpe }: WatchStudy,
  delays = true,
): WatchOutcome => {
  const edge = sharpe / Math.sqrt(365);
  let [falseAlarms, stated, caught] = [0, 0, 0];
  const days: number[] = [];
  for (let s = 0; s < sessions; s++) {
    const draw = random(`${law.name}/${history}/${s}`);
    const all = law.days(history + horizon, draw);
    const returns = Array.from(all, z => DEVIATION * (z + edge));
    const expectation = expectationOf({
      run: 'study',
      returns: returns.slice(0, history),
      trades: { wins: 0, count: 0 },
      slippageBps: null,
      config: { falseAlarm, horizon },
      seed: s,
      paths,
    });
    const verdicts = judgeLive(expectation, {
      returns: returns.slice(history),
      trades: { wins: 0, count: 0 },
      slippage: null,
      drift: null,
    });
    if (verdicts.find(({ monitor }) => monitor === 'profit')?.verdict === 'alarm') falseAlarms++;
    const delay = expectation.test.delay.days;
    if (!delays || delay === null) continue;
    stated++;
    days.push(delay);
    const lost = draw.int(horizon);
    const later = Array.from(law.days(lost + delay, draw.fork('after')), (z, t) => DEVIATION * (z + (t < lost ? edge : 0)));
    if (caughtAfter(expectation, later, lost, delay) <= delay) caught++;
  }
  return { falseAlarms, stated, caught, delay: days.length === 0 ? NaN : days.sort((a, b) => a - b)[days.length >> 1]! };
};
