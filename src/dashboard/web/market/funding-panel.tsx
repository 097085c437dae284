import { useMemo } from 'preact/hooks';
import type { MarketView } from '../../api/accounts-api.js';
import { LineChart, type LineSeries } from '../charts/line.js';
import { percent } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';

const rate = (value: number): string => percent(value, 4, true);

/** What funding was, by settlement. */
export const FundingPanel = ({ funding }: { readonly funding: MarketView['funding'] }) => {
  const series = useMemo<readonly LineSeries[]>(
    () => [
      { name: 'Rate per settlement', ts: funding.map(({ ts }) => ts), values: funding.map(each => each.rate), format: rate, tone: 's2' },
    ],
    [funding],
  );
  return (
    <Panel title="Funding" note="Positive: longs pay shorts" flush>
      {funding.length === 0 ? (
        <p class="muted book-none">Nothing has been settled yet.</p>
      ) : (
        <LineChart label="Funding rate by settlement" series={series} height={150} />
      )}
    </Panel>
  );
};
