import { monthlyHeatmap } from '../charts/monthly-heatmap.js';
import { returnDistribution } from '../charts/return-distribution.js';
import { rollingSharpeVolatility } from '../charts/rolling-sharpe-volatility.js';
import { binRows, distributionMarks, monthRows, rollingRows, rollingWindow } from '../rows/return-rows.js';
import { costWaterfall } from '../charts/cost-waterfall.js';
import { costRows } from '../rows/trading-rows.js';
import type { Section } from '../document.js';
import type { Figures } from '../headline.js';

/** How the result came about in time, and where the money went. */
export const riskSection = ({ track, unit }: Figures, period: string): Section => {
  const each = track.periodsPerYear >= 300 ? 'day' : 'period';
  const window = rollingWindow(track);
  return {
    id: 'risk',
    title: 'Risk and return',
    lead: 'A result that came from one stretch, one month or a few days is worth less than one that came steadily.',
    blocks: [
      {
        kind: 'chart',
        id: 'monthly-returns',
        spec: monthlyHeatmap(monthRows(track), { title: 'Net return of each month', subtitle: `Per cent, after costs · ${period}` }),
      },
      {
        kind: 'chart',
        id: 'rolling',
        spec: rollingSharpeVolatility(track.returns.length < window ? [] : rollingRows(track, window), {
          title: 'Sharpe ratio and volatility of a moving window',
          subtitle: `Annualised, window of ${window} ${each}s · ${period}`,
          window: `${window} ${each}s`,
        }),
      },
      {
        kind: 'chart',
        id: 'distribution',
        half: true,
        spec: returnDistribution(binRows(track.returns), distributionMarks(track.returns), {
          title: `How the ${each === 'day' ? 'daily' : 'periodic'} returns are spread`,
          subtitle: `Net return of one ${each}; dashed: a normal law of the same mean and deviation`,
          each,
        }),
      },
      {
        kind: 'chart',
        id: 'costs',
        half: true,
        spec: costWaterfall(costRows(track), { title: 'From the signal to what was left', subtitle: `${unit} · ${period}`, unit }),
      },
    ],
  };
};
