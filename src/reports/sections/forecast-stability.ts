import { driftTimeline } from '../charts/drift-timeline.js';
import { intervalCoverage } from '../charts/interval-coverage.js';
import { skillOverTime } from '../charts/skill-over-time.js';
import { percent } from '../number-text.js';
import { driftRows } from '../rows/forecast-rows.js';
import { coverageRows } from '../rows/forecast-score-rows.js';
import { calendarStretches, skillRows } from '../rows/forecast-skill-rows.js';
import type { ForecastRecord } from '../../models/forecast-record.js';
import type { Section } from '../document.js';
import type { ForecastReportOptions } from './forecasts.js';

/** Whether the forecasts stayed as good as they were. Skill is followed by test window where there are any, else by month, quarter or year. */
export const stabilitySection = (record: ForecastRecord, period: string, { seed, testWindows }: ForecastReportOptions): Section => {
  const { unit, stretches } = testWindows ? { unit: 'test window', stretches: testWindows } : calendarStretches(record);
  return {
    id: 'forecast-stability',
    title: 'Stability',
    lead: 'Skill that came from one stretch is worth less than skill that lasts; an interval must hold what it promises all along.',
    blocks: [
      {
        kind: 'chart',
        id: 'forecast-skill',
        spec: skillOverTime(skillRows(record, seed, stretches), {
          title: `Skill of the ensemble by ${unit}`,
          subtitle: `Against climatology in log loss, bars of 95%; pale: within chance · ${period}`,
        }),
      },
      {
        kind: 'chart',
        id: 'forecast-coverage',
        spec: intervalCoverage(coverageRows(record), {
          title: `How often the ${percent(record.coverage, 0)} interval held`,
          subtitle: `Share of realised returns inside it, band of 95%; dashed: promised · ${period}`,
          promised: record.coverage,
        }),
      },
      {
        kind: 'chart',
        id: 'forecast-drift',
        spec: driftTimeline(driftRows(record), {
          title: 'When the world changed',
          subtitle: `Level of each drift detector that ever raised it · ${period}`,
        }),
      },
    ],
  };
};
