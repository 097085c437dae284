import { Badge } from '../parts/badge.js';
import { DataTable, type Column } from '../parts/data-table.js';
import { EmptyNote } from '../parts/empty-note.js';
import { Figure } from '../parts/figure.js';
import { percent, ratio, span, utcMinute } from '../parts/figures.js';
import { openWhy } from '../orders/open-why.js';
import { widestRange, type SignalRow } from './newest-signals.js';
import { ReturnRange } from './return-range.js';

const TONES = { long: 'gain', short: 'loss', flat: 'neutral' } as const;

const columns = (widest: number, marketTime: number | null): readonly Column<SignalRow>[] => [
  { key: 'symbol', title: 'Symbol', width: 150, cell: row => row.symbol, sort: row => row.symbol },
  { key: 'strategy', title: 'Strategy', width: 130, cell: row => <span class="ellipsis">{row.strategy}</span>, sort: row => row.strategy },
  {
    key: 'direction',
    title: 'Direction',
    width: 80,
    cell: row => <Badge tone={TONES[row.direction]}>{row.direction}</Badge>,
    sort: row => row.direction,
  },
  {
    key: 'confidence',
    title: 'P',
    hint: 'Calibrated probability that the direction is right',
    width: 70,
    align: 'right',
    cell: row => <Figure text={percent(row.confidence, 1)} />,
    sort: row => row.confidence,
  },
  {
    key: 'mean',
    title: 'Expected',
    hint: 'Expected return of the price over the horizon',
    width: 85,
    align: 'right',
    cell: row => <Figure text={percent(row.mean, 2, true)} value={row.mean} />,
    sort: row => row.mean,
  },
  {
    key: 'sd',
    title: '± sd',
    hint: 'Standard deviation of that return',
    width: 75,
    align: 'right',
    cell: row => <Figure text={percent(row.sd, 2)} />,
    sort: row => row.sd,
  },
  {
    key: 'range',
    title: 'Range',
    hint: 'Expected return and one standard deviation, against zero; one scale for all rows',
    width: 135,
    cell: row => <ReturnRange mean={row.mean} sd={row.sd} widest={widest} />,
  },
  {
    key: 'horizon',
    title: 'Horizon',
    width: 80,
    align: 'right',
    cell: row => <Figure text={`${row.horizon} bars`} />,
    sort: row => row.horizon,
  },
  {
    key: 'risk',
    title: 'Risk score',
    hint: 'What else speaks against size: 0 nothing, 1 everything',
    width: 85,
    align: 'right',
    cell: row => <Figure text={ratio(row.riskScore)} />,
    sort: row => row.riskScore,
  },
  {
    key: 'ts',
    title: 'Given (UTC)',
    width: 230,
    align: 'right',
    cell: row => (
      <span class="figure level">
        {utcMinute(row.ts)}
        <small class="muted ago">{marketTime === null ? '' : `${span(Math.max(0, marketTime - row.ts))} ago`}</small>
      </span>
    ),
    sort: row => row.ts,
  },
];

/** The newest forecast of each strategy in each symbol. A row opens why it was given. */
export const SignalsTable = ({ rows, marketTime }: { readonly rows: readonly SignalRow[]; readonly marketTime: number | null }) => (
  <DataTable
    caption="Newest forecast of each strategy and symbol"
    columns={columns(widestRange(rows), marketTime)}
    rows={rows}
    rowKey={({ strategy, symbol }) => `${strategy} ${symbol}`}
    onRow={openWhy}
    empty={
      <EmptyNote title="No strategy here gives forecasts.">
        A strategy that returns signals shows them here; one that only sets targets shows them among its decisions.
      </EmptyNote>
    }
  />
);
