import { strategyPlots } from '../charts/strategy-plots.js';
import { count } from '../number-text.js';
import { plotPanels } from '../rows/trading-rows.js';
import type { Section } from '../document.js';
import type { Outcome } from '../outcome.js';

/** What the strategy drew; nothing when it drew nothing. */
export const plotSections = ({ plots }: Outcome, period: string): Section[] => {
  if (plots.length === 0) return [];
  const panels = plotPanels(plots);
  return [
    {
      id: 'plots',
      title: 'Plots',
      lead: 'Series that the strategy drew with plot(name, value).',
      blocks: [
        {
          kind: 'chart',
          id: 'plots-chart',
          spec: strategyPlots(panels, {
            title: "The strategy's own series",
            subtitle: `Units are the strategy's · ${period}${panels.length < plots.length ? ` · the first ${panels.length} of ${count(plots.length)} series` : ''}`,
          }),
        },
      ],
    },
  ];
};
