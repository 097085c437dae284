import { useMemo, useState } from 'preact/hooks';
import { LineChart, type LineSeries } from '../charts/line.js';
import { Answered } from '../parts/answered.js';
import { SyntheticBadge } from '../parts/badge.js';
import { EmptyNote } from '../parts/empty-note.js';
import { money, percent } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';
import { joinEquity } from './equity-line.js';
import { liveEquity } from './live-equity.js';

const DAY = 86_400_000;
const SPANS = [
  { key: '1d', title: '1 d', ms: DAY },
  { key: '1w', title: '1 w', ms: 7 * DAY },
  { key: '1m', title: '1 m', ms: 30 * DAY },
  { key: 'all', title: 'All', ms: Infinity },
] as const;

const cash = (value: number): string => money(value);
const share = (value: number): string => percent(value, 2);

/** Equity over drawdown: what the journal holds, and from there what the stream tells. */
export const EquityPanel = ({
  account,
  asset,
  practice,
}: {
  readonly account: string;
  readonly asset: string;
  readonly practice: boolean;
}) => {
  const [span, setSpan] = useState<(typeof SPANS)[number]['key']>('all');
  const history = useAnswer('accounts.equity', { params: { account }, query: {} }, 10 * 60_000);
  const live = liveEquity.value;
  const line = useMemo(() => {
    if (history.value === null) return null;
    return joinEquity(history.value, live.account === account ? live : { ts: [], equity: [] });
  }, [history.value, live, account]);
  const series = useMemo<readonly LineSeries[]>(() => {
    if (line === null) return [];
    const since = (line.ts.at(-1) ?? 0) - (SPANS.find(({ key }) => key === span)?.ms ?? Infinity);
    const from = Math.max(
      0,
      line.ts.findIndex(ts => ts >= since),
    );
    const ts = line.ts.slice(from);
    return [
      { name: `Equity, ${asset}`, ts, values: line.equity.slice(from), kind: 'area', tone: 'accent', format: cash },
      { name: 'Drawdown', ts, values: line.drawdown.slice(from), kind: 'area', tone: 'loss', pane: 1, format: share },
    ];
  }, [line, span, asset]);
  return (
    <Panel
      title="Equity and drawdown"
      note={`${asset}, market time, UTC`}
      flush
      aside={
        <>
          {practice ? <SyntheticBadge /> : null}
          <div class="segments spans" role="group" aria-label="Span">
            {SPANS.map(({ key, title }) => (
              <button key={key} type="button" aria-pressed={span === key} onClick={() => setSpan(key)}>
                {title}
              </button>
            ))}
          </div>
        </>
      }
    >
      <Answered answer={history} height={324}>
        {() =>
          line === null || line.ts.length < 2 ? (
            <div class="fixed-324">
              <EmptyNote title="No equity yet">It is written at the close of every bar while the session trades.</EmptyNote>
            </div>
          ) : (
            <LineChart label={`Equity of ${account} with its drawdown`} series={series} height={300} />
          )
        }
      </Answered>
    </Panel>
  );
};
