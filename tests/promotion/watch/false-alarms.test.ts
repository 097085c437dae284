import { describe, expect, test } from 'vitest';
import { DAILY_LAWS, watchSessions } from '../../../bench/studies/watch.js';

const SESSIONS = 250;
const STATED = 0.04;
const POWER = 0.8;
const study = { horizon: 90, falseAlarm: 0.05, sessions: SESSIONS, paths: 250, sharpe: 4 };
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

  test('would alarm several times as often if its history were taken for the truth', () => {
    // A horizon as long as the history: the sum of a session then has no more chance in it than what it is measured by.
    const [history, horizon] = [200, 200];
    const outcome = watchSessions(DAILY_LAWS[0]!, { ...study, history, horizon }, false);
    expect(Math.abs(outcome.falseAlarms / SESSIONS - STATED)).toBeLessThan(error(STATED, SESSIONS));
    // Known mean, reflection principle: threshold 2.054 √horizon; the sum deviates √2 times as far.
    expect(2 * (1 - 0.9268)).toBeGreaterThan(3 * STATED);
  });
});
