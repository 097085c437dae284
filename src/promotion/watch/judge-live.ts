import { count, decimal, percent, signedPercent } from '../../reports/number-text.js';
import { DAY } from '../../time.js';
import { tooManyDrifts } from './drift-count.js';
import type { Expectation, MonitorVerdict } from './expectation.js';
import { hitRateRatio } from './hit-rate-test.js';
import type { LiveRecord } from './live-record.js';
import { horizonStart, runningShortfall } from './running-shortfall.js';
import { meanBound } from './slippage-bound.js';

/** With fewer a monitor says nothing. */
const FEWEST = { days: 5, tradesExpected: 20, trades: 10, fills: 30 };
/** Basis points by which fills may cost more than the model says before it matters to anyone. */
const NEGLIGIBLE_BPS = 0.5;

const plural = (n: number, thing: string): string => `${count(n)} ${thing}${n === 1 ? '' : 's'}`;

const cannotTell = (monitor: MonitorVerdict['monitor'], sentence: string): MonitorVerdict => ({
  monitor,
  verdict: 'cannot-tell',
  statistic: null,
  threshold: null,
  sentence,
});

const judged = (
  monitor: MonitorVerdict['monitor'],
  isAlarm: boolean,
  statistic: number,
  threshold: number | null,
  sentence: string,
): MonitorVerdict => ({ monitor, verdict: isAlarm ? 'alarm' : 'inside', statistic, threshold, sentence });

const profit = ({ mean, sd, test: { horizon, threshold, shares } }: Expectation, { returns }: LiveRecord): MonitorVerdict => {
  const path = runningShortfall(returns, { mean, sd, horizon });
  if (returns.length < FEWEST.days)
    return cannotTell('profit', `${plural(returns.length, 'day')} of trading: profit is judged from ${FEWEST.days} on.`);
  let [worst, at] = [-Infinity, 0];
  path.forEach((value, i) => {
    if (value > worst) [worst, at] = [value, i];
  });
  const largest = Math.max(0, worst);
  const { length } = path;
  return worst > threshold
    ? judged(
        'profit',
        true,
        largest,
        threshold,
        `Profit fell ${decimal(largest, 1)} standard deviations of a day short of what was expected by day ${at + 1}; chance explains more than ${decimal(threshold, 1)} in ${percent(shares.profit)} of horizons of ${horizon} days.`,
      )
    : judged(
        'profit',
        false,
        largest,
        threshold,
        `Profit is ${decimal(Math.abs(path[length - 1]!), 1)} standard deviations of a day ${path[length - 1]! > 0 ? 'short of' : 'above'} what was expected after ${plural(length, 'day')} of the horizon; an alarm is above ${decimal(threshold, 1)} short.`,
      );
};

const cone = ({ cone: { levels, days }, test: { horizon } }: Expectation, { returns }: LiveRecord): MonitorVerdict => {
  const path = returns.slice(horizonStart(returns.length, horizon));
  const row = days[path.length - 1];
  if (row === undefined) return cannotTell('cone', 'No day of trading yet.');
  const growth = path.reduce((product, r) => product * (1 + r), 1);
  const below = row.filter(value => value <= growth).length;
  const reached = `${signedPercent(growth - 1)} after ${plural(path.length, 'day')}`;
  const [low, high] = [percent(levels[below - 1] ?? 0, 0), percent(levels[below] ?? 1, 0)];
  if (below === 0 || below === levels.length)
    return {
      ...cannotTell(
        'cone',
        `${reached} lies ${below === 0 ? `below the ${high}` : `above the ${low}`} line of its cone; one day outside proves nothing, the test of profit decides.`,
      ),
      statistic: growth,
      threshold: row[below === 0 ? 0 : levels.length - 1]!,
    };
  return judged('cone', false, growth, row[0]!, `${reached} lies between the ${low} and ${high} lines of its cone.`);
};

const hitRate = ({ hitRate: expected, test: { shares } }: Expectation, { trades }: LiveRecord): MonitorVerdict => {
  if (expected === null || expected.trades < FEWEST.tradesExpected)
    return cannotTell(
      'hit-rate',
      `${plural(expected?.trades ?? 0, 'trade')} out of sample: too few to expect a share of wins, which needs ${FEWEST.tradesExpected}.`,
    );
  if (trades.count < FEWEST.trades)
    return cannotTell('hit-rate', `${plural(trades.count, 'closed trade')}: the share of wins is judged from ${FEWEST.trades} on.`);
  const ratio = hitRateRatio({ wins: Math.round(expected.share * expected.trades), count: expected.trades }, trades);
  const limit = 1 / shares.hitRate;
  return judged(
    'hit-rate',
    ratio >= limit,
    ratio,
    limit,
    `${count(trades.wins)} of ${plural(trades.count, 'trade')} won (${percent(trades.wins / trades.count)}), ${percent(expected.share)} were expected: odds of ${decimal(ratio, 1)} to 1 for a lower share; an alarm is from ${count(limit)} to 1 on.`,
  );
};

const slippage = ({ slippageBps, test: { shares } }: Expectation, { slippage: own }: LiveRecord): MonitorVerdict => {
  if (slippageBps === null) return cannotTell('slippage', 'The model has no figure for the slippage of a taker.');
  if (own === null || own.fills < FEWEST.fills)
    return cannotTell(
      'slippage',
      `${plural(own?.fills ?? 0, 'own fill')} with a price at arrival: slippage is judged from ${FEWEST.fills} on.`,
    );
  const limit = slippageBps + NEGLIGIBLE_BPS + meanBound(own.fills, own.sd, shares.slippage);
  return judged(
    'slippage',
    own.bps > limit,
    own.bps,
    limit,
    `${plural(own.fills, 'fill')} paid ${decimal(own.bps, 1)} bp on average, the model ${decimal(slippageBps, 1)}; an alarm is above ${decimal(limit, 1)}.`,
  );
};

const forecastDrift = ({ test: { horizon, shares } }: Expectation, { drift, returns }: LiveRecord): MonitorVerdict => {
  if (drift === null) return cannotTell('forecast-drift', 'It has no forecasts that could drift.');
  const { stretchMs, episodes, now } = drift;
  const standing = now.filter(({ level }) => level !== 'none').map(({ subject, level }) => `${subject} at ${level}`);
  // Episodes add up from horizon to horizon, and so do those that honest forecasts have.
  const horizons = Math.max(1, Math.ceil(returns.length / horizon));
  const limit = tooManyDrifts((horizons * horizon * DAY) / stretchMs, shares.drift);
  return judged(
    'forecast-drift',
    episodes >= limit,
    episodes,
    limit,
    `Outcomes of forecasts drifted ${episodes === 1 ? 'once' : `${count(episodes)} times`}${standing.length > 0 ? ` (now ${standing.join(', ')})` : ''}; an alarm is from ${count(limit)} times on, when trainings in between did not help.`,
  );
};

/**
 * What each monitor says of live against expected: profit by a sequential test, growth on its cone (which never alarms by itself), share of wins, slippage against the model, drift of forecasts. The answer depends on its arguments
 * alone, and a day that is judged twice is judged the same. Profit begins anew after each horizon; the rest goes on.
 */
export const judgeLive = (expectation: Expectation, live: LiveRecord): readonly MonitorVerdict[] =>
  [profit, cone, hitRate, slippage, forecastDrift].map(monitor => monitor(expectation, live));
