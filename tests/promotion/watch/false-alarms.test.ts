import { describe, expect, test } from 'vitest';
import { runningShortfall } from '../../../src/promotion/watch/running-shortfall.js';
import { mean, standardDeviation } from '../../../src/statistics/moments.js';
import { DAILY_LAWS, watchSessions } from '../../../bench/studies/watch.js';
import { normalDays } from './expected.js';

const SESSIONS = 200;
const STATED = 0.04;
const POWER = 0.8;
const study = { horizon: 90, falseAlarm: 0.05, sessions: SESSIONS, paths: 200, sharpe: 4 };
/** Three standard errors and a half of a share of `n`; the study itself has more sessions: scripts/study-watch.mjs. */
const error = (share: number, n: number) => 3.5 * Math.sqrt((share * (1 - share)) / n);

describe('a strategy that trades as its history did', () => {
  for (const [law, history] of [
    ['normal', 500],
    ['t4', 250],
    ['AR(1) 0.3', 500],
    ['GARCH 0.1 0.8', 250],
  ] as const)
    test(`alarms as rarely as stated, and is caught as soon as stated once its edge is gone: ${law}, ${history} days of history`, () => {
      const { falseAlarms, stated, caught } = watchSessions(
        DAILY_LAWS.find(({ name }) => name === law)!,
        { ...study, history },
      );
      expect(falseAlarms / SESSIONS).toBeLessThan(STATED + error(STATED, SESSIONS));
      expect(falseAlarms).toBeGreaterThan(0);
      expect(stated).toBeGreaterThan(SESSIONS / 2);
      expect(Math.abs(caught / stated - POWER)).toBeLessThan(error(POWER, stated));
    });

  test('would alarm more than twice as often if its history were taken for the truth', () => {
    // A horizon as long as the history: what a session is measured by has as much chance in it as the session.
    const [days, horizon] = [150, 150];
    const outcome = watchSessions(DAILY_LAWS[0]!, { ...study, history: days, horizon }, false);
    expect(Math.abs(outcome.falseAlarms / SESSIONS - STATED)).toBeLessThan(error(STATED, SESSIONS));
    // Threshold of a walk whose mean is known: reflection principle, less what a look once a day overshoots by (Siegmund 1985).
    const known = 2.0537 * Math.sqrt(horizon) - 0.5826;
    const alarms = Array.from({ length: 1000 }, (_, s) => {
      const history = normalDays(days, 0.002, 0.01, `history ${s}`);
      const path = runningShortfall(normalDays(horizon, 0.002, 0.01, `session ${s}`), {
        mean: mean(history),
        sd: standardDeviation(history),
        horizon,
      });
      return path.some(shortfall => shortfall > known);
    }).filter(Boolean).length;
    expect(alarms / 1000).toBeGreaterThan(2 * STATED);
  });
});
