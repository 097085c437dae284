import { growthCone, type ConeRow } from '../../reports/charts/growth-cone.js';
import { runningShortfallChart } from '../../reports/charts/running-shortfall.js';
import type { ReportDocument, Section, Tile } from '../../reports/document.js';
import { count, decimal, NONE, percent, signedPercent } from '../../reports/number-text.js';
import { renderReport } from '../../reports/render.js';
import type { Expectation, MonitorVerdict } from './expectation.js';
import type { LiveRecord } from './live-record.js';
import { horizonStart, runningShortfall } from './running-shortfall.js';

const NAMES: Readonly<Record<MonitorVerdict['monitor'], string>> = {
  profit: 'Profit',
  cone: 'Growth on its cone',
  'hit-rate': 'Share of wins, odds against',
  slippage: 'Slippage against the model, bp',
  'forecast-drift': 'Drifts of forecasts',
};
const VERDICTS: Readonly<Record<MonitorVerdict['verdict'], string>> = { inside: 'Inside', alarm: 'Alarm', 'cannot-tell': 'Cannot tell' };

const coneRows = ({ cone: { days }, test: { horizon } }: Expectation, { returns }: LiveRecord): ConeRow[] => {
  const path = returns.slice(horizonStart(returns.length, horizon));
  let growth = 1;
  return [[1, 1, 1, 1, 1, 1, 1], ...days].map((row, day) => {
    if (day > 0 && day <= path.length) growth *= 1 + path[day - 1]!;
    const [lowest, low, lowMiddle, median, highMiddle, high, highest] = row as [number, number, number, number, number, number, number];
    return { day, lowest, low, lowMiddle, median, highMiddle, high, highest, live: day <= path.length ? growth : null };
  });
};

const delayText = ({ test: { delay, horizon } }: Expectation): string =>
  delay.days === null
    ? `A strategy that lost its whole edge would not be caught within ten horizons (${count(10 * horizon)} days) in ${percent(delay.power, 0)} of cases: its edge is too small for its noise. Time alone is no proof of it.`
    : `A strategy that lost its whole edge is caught within ${count(delay.days)} days in ${percent(delay.power, 0)} of cases.`;

/** Live against expected as sections of a report: the cone with the path on it, the running statistic against its boundary, every monitor. */
export const watchSections = (expectation: Expectation, live: LiveRecord, verdicts: readonly MonitorVerdict[]): Section[] => {
  const { test, returns, mean, sd } = expectation;
  const path = runningShortfall(live.returns, { mean, sd, horizon: test.horizon });
  const round = live.returns.length > test.horizon ? `, round ${Math.ceil(live.returns.length / test.horizon)} of the test` : '';
  return [
    {
      id: 'watch',
      title: 'Live against expected',
      lead: `Expected is what ${count(returns.length)} days out of sample showed, and the error that so few days have. All monitors together raise a false alarm in ${percent(test.falseAlarm, 0)} of horizons of ${count(test.horizon)} days. ${delayText(expectation)}`,
      blocks: [
        {
          kind: 'chart',
          id: 'watch-cone',
          spec: growthCone(coneRows(expectation, live), {
            title: 'Growth on its cone',
            subtitle: `Bands 1–99%, 5–95%, 25–75% of ${count(test.paths)} resampled sessions, dashed the median; the dark line is live${round}`,
          }),
        },
        {
          kind: 'chart',
          id: 'watch-shortfall',
          spec: runningShortfallChart(
            Array.from(path, (shortfall, i) => ({ day: i + 1, shortfall })),
            {
              title: 'What is missing to the expected profit',
              subtitle: `Added up day by day since the horizon began; above the line chance explains ${percent(test.shares.profit)} of horizons`,
              horizon: test.horizon,
              threshold: test.threshold,
              label: `alarm above ${decimal(test.threshold, 1)}`,
            },
          ),
        },
        {
          kind: 'table',
          id: 'watch-monitors',
          caption: 'Monitors',
          columns: [
            { title: 'Monitor', kind: 'text' },
            { title: 'Verdict', kind: 'text' },
            { title: 'Now', kind: 'number' },
            { title: 'Limit', kind: 'number' },
            { title: 'In words', kind: 'text', wide: true },
          ],
          rows: verdicts.map(({ monitor, verdict, statistic, threshold, sentence }) => [
            NAMES[monitor],
            VERDICTS[verdict],
            statistic === null ? NONE : decimal(statistic, monitor === 'forecast-drift' ? 0 : 2),
            threshold === null ? NONE : decimal(threshold, monitor === 'forecast-drift' ? 0 : 2),
            sentence,
          ]),
          empty: 'Nothing was judged.',
        },
      ],
    },
  ];
};

const tilesOf = (expectation: Expectation, live: LiveRecord, verdicts: readonly MonitorVerdict[]): Tile[] => {
  const { test, mean } = expectation;
  const alarms = verdicts.filter(({ verdict }) => verdict === 'alarm');
  const day = live.returns.length - horizonStart(live.returns.length, test.horizon);
  const growth = live.returns.reduce((product, r) => product * (1 + r), 1) - 1;
  const usual = live.returns.reduce(product => product * (1 + mean), 1) - 1;
  const profit = verdicts.find(({ monitor }) => monitor === 'profit');
  return [
    {
      label: 'Live against expected',
      value: alarms.length > 0 ? 'Alarm' : profit?.verdict === 'inside' ? 'Inside' : 'Cannot tell yet',
      detail: alarms.length > 0 ? alarms.map(({ monitor }) => NAMES[monitor].toLowerCase()).join(', ') : 'No monitor is in alarm',
      ...(alarms.length > 0 && { tone: 'alarm' as const }),
    },
    {
      label: 'Return on this step',
      value: signedPercent(growth),
      detail: `${signedPercent(usual)} at the expected mean`,
      ...(growth !== 0 && { tone: growth > 0 ? ('gain' as const) : ('loss' as const) }),
    },
    {
      label: 'Day of the horizon',
      value: `${count(day)} of ${count(test.horizon)}`,
      detail: `${count(live.returns.length)} complete days on this step`,
    },
    {
      label: 'Shortfall',
      value: profit === undefined || profit.statistic === null ? NONE : decimal(profit.statistic, 1),
      detail: `Largest so far, in standard deviations of a day; alarm above ${decimal(test.threshold, 1)}`,
    },
    {
      label: 'Loss of the edge is caught',
      value: test.delay.days === null ? 'Not in time' : `in ${count(test.delay.days)} days`,
      detail: test.delay.days === null ? 'Beyond ten horizons' : `In ${percent(test.delay.power, 0)} of cases`,
      ...(test.delay.days === null && { tone: 'alarm' as const }),
    },
  ];
};

/** What the page of live against expected is made from. */
export interface WatchPageInput {
  readonly strategy: string;
  readonly promotion: string;
  readonly account: string;
  readonly synthetic: boolean;
  readonly expectation: Expectation;
  readonly live: LiveRecord;
  readonly verdicts: readonly MonitorVerdict[];
}

/** The page before it is a file. */
export const watchDocument = ({ strategy, promotion, account, synthetic, expectation, live, verdicts }: WatchPageInput): ReportDocument => {
  const alarm = verdicts.find(({ verdict }) => verdict === 'alarm');
  const profit = verdicts.find(({ monitor }) => monitor === 'profit');
  return {
    title: `${strategy} on ${account}: ${alarm ? 'alarm' : 'live against expected'}`,
    subtitle: `Promotion ${promotion}, from run ${expectation.run}`,
    verdict: (alarm ?? profit)?.sentence ?? 'Nothing was judged yet.',
    tiles: tilesOf(expectation, live, verdicts),
    sections: watchSections(expectation, live, verdicts),
    synthetic,
  };
};

/** Live against expected as one self-contained HTML file. */
export const watchPage = (input: WatchPageInput): string => renderReport(watchDocument(input));
