import type { LeakPlot, LeakResult } from '../../experiments/checks/leak-check.js';
import { leakBars } from '../charts/leak-bars.js';
import { leakLines } from '../charts/leak-lines.js';
import type { ChartSpec } from '../charts/chart.js';
import type { Block, Section } from '../document.js';
import { VERDICT } from './checks.js';

const SUBTITLE: Readonly<Record<string, string>> = {
  causality: 'Marked where an output changed although only later data did',
  'warm-up': 'On history that begins later, against the same on all history',
  'recursive-indicators': 'What the beginning of history changes after the warm-up, from several beginnings',
  'stale-fills': 'What was traded where the market need not have been',
};

const drawn = ({ id, title }: LeakResult, plot: LeakPlot): ChartSpec => {
  const heading = { title, subtitle: SUBTITLE[id] ?? '' };
  if (plot.kind === 'bars') return leakBars(plot.bars, { ...heading, x: plot.x });
  const rows = plot.lines.flatMap(({ name, points }) => points.map(({ x, y }) => ({ indicator: name, bars: x, difference: y })));
  return leakLines(rows, { ...heading, x: plot.x, y: plot.y, mark: plot.mark });
};

/** What the leak checks found: a table of verdicts, and what each saw. `prefix` tells the charts of several strategies on one page apart. */
export const leakSection = (results: readonly LeakResult[], prefix = ''): Section => ({
  id: `${prefix}leaks`,
  title: 'Does it see what it cannot know?',
  lead: 'A leak is a defect and not a matter of degree: one failure here, and no figure of the run means anything.',
  blocks: [
    {
      kind: 'table',
      id: `${prefix}leak-table`,
      caption: 'Checks for leaks',
      quiet: true,
      columns: [
        { title: 'Check', kind: 'text' },
        { title: 'Verdict', kind: 'text' },
        { title: 'What was seen', kind: 'text', wide: true },
      ],
      rows: results.map(({ title, verdict, sentence }) => [title, VERDICT[verdict], sentence]),
      empty: 'No check was made.',
    },
    ...results.flatMap((result): Block[] =>
      result.plot === null ? [] : [{ kind: 'chart', id: `${prefix}leak-${result.id}`, spec: drawn(result, result.plot), half: true }],
    ),
  ],
});
