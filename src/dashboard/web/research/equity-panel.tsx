import { useMemo } from 'preact/hooks';
import type { RunView } from '../../api/research-api.js';
import { LineChart, type LineSeries } from '../charts/line.js';
import { money, percent } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { drawdownOf } from './drawdown.js';

/** The equity of a run over its time, and below it how far it is under its peak. */
export const EquityPanel = ({ run: { line, equity, folds } }: { readonly run: RunView }) => {
  const series = useMemo(
    (): readonly LineSeries[] => [
      { name: 'Equity', ts: equity.ts, values: equity.equity, tone: 'accent', kind: 'line', format: value => money(value) },
      {
        name: 'Drawdown',
        ts: equity.ts,
        values: drawdownOf(equity.equity),
        tone: 'loss',
        kind: 'area',
        pane: 1,
        format: value => percent(value, 1),
      },
    ],
    [equity],
  );
  return (
    <Panel
      title="Equity and drawdown"
      note={`${folds.length > 0 || line.command === 'walkforward' ? 'Out of sample' : 'In sample'}, after all costs, UTC`}
      flush
    >
      <LineChart label={`Equity and drawdown of ${line.run}`} series={series} height={340} />
    </Panel>
  );
};
