import { useMemo, useState } from 'preact/hooks';
import type { AccountView, FillView, MarketView } from '../../api/accounts-api.js';
import type { MarketTick } from '../../api/stream.js';
import { Candles, type ForecastBand } from '../charts/candles.js';
import { mergeBars } from '../charts/candle-data.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { count } from '../parts/figures.js';
import { Cell, Grid } from '../parts/grid.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/panel.js';
import { SelectField } from '../parts/select-field.js';
import { SwitchField } from '../parts/switch-field.js';
import { useAnswer } from '../state/answer.js';
import { market } from '../state/stream.js';
import { BookLadder } from './book-ladder.js';
import { FundingPanel } from './funding-panel.js';
import { levelsOf } from './levels.js';
import { QuoteTiles } from './quote-tiles.js';
import { SymbolChoice } from './symbol-choice.js';

const NO_FILLS: readonly FillView[] = [];
const STEPS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000, w: 604_800_000 };
const stepOf = (timeframe: string): number => Number.parseInt(timeframe, 10) * (STEPS[timeframe.at(-1) ?? ''] ?? 0);

/** Close of now against the close a day before, as a fraction. */
const dayChangeOf = (bars: MarketView['bars'], last: number | null): number | null => {
  const end = bars.ts.at(-1);
  if (end === undefined || last === null) return null;
  const at = bars.ts.findLastIndex(ts => ts <= end - STEPS['d']!);
  return at < 0 ? null : last / bars.close[at]! - 1;
};

/** One symbol: candles with own trades, stops, targets and what the models expect; quote, book, funding. */
export const MarketPage = ({ account: it, symbol }: { readonly account: AccountView; readonly symbol: string }) => {
  const [most, setMost] = useState('1500');
  const [withForecast, setWithForecast] = useState(true);
  const view = useAnswer('accounts.market', { params: { account: it.account }, query: { symbol, bars: Number(most) } }, 0, [
    'OrderFilled',
    'FundingSettled',
  ]);
  const forecasts = useAnswer('accounts.forecasts', { params: { account: it.account } }, 0, ['SignalGiven']);
  const live = market.value;
  const tick: MarketTick | null = live?.symbol === symbol ? live : view.value;
  const history = view.value?.symbol === symbol ? view.value : null;
  const bars = useMemo(
    () => mergeBars(history?.bars ?? null, live?.symbol === symbol && live.timeframe === history?.timeframe ? live.bars : null),
    [history, live, symbol],
  );
  const lines = levelsOf(symbol, it.positions, it.openOrders);
  const forecast = useMemo<ForecastBand | null>(() => {
    const signal = forecasts.value?.strategies.flatMap(({ signals }) => signals).find(each => each.symbol === symbol);
    if (!withForecast || signal === undefined || history === null) return null;
    return { ts: signal.ts, mean: signal.mean, sd: signal.sd, horizonMs: signal.horizon * stepOf(history.timeframe) };
  }, [forecasts.value, symbol, history, withForecast]);
  if (view.error !== null && history === null) return <ErrorNote error={view.error} retry={view.refresh} />;
  if (tick === null || history === null || bars === null) return <Loading height={640} />;
  return (
    <Grid>
      <Cell span={12}>
        <QuoteTiles tick={tick} marketTime={it.marketTime} practice={it.practice} dayChange={dayChangeOf(bars, tick.last)} />
      </Cell>
      <Cell span={9}>
        {forecasts.error === null ? null : (
          <ErrorNote
            error={{ ...forecasts.error, message: `What the models expect is not shown: ${forecasts.error.message}` }}
            retry={forecasts.refresh}
          />
        )}
        <Panel
          title={symbol}
          note={`${history.timeframe} bars, UTC`}
          flush
          aside={
            <>
              {forecasts.value?.strategies.some(({ signals }) => signals.length > 0) === true ? (
                <SwitchField label="Forecast" on={withForecast} onChange={setWithForecast} />
              ) : null}
              <SelectField
                bare
                label="How many bars"
                value={most}
                options={['500', '1500', '10000', '100000'].map(value => ({
                  value,
                  text: `${count(Number(value))} bars`,
                }))}
                onChange={setMost}
              />
              <SymbolChoice symbols={it.symbols} chosen={symbol} />
            </>
          }
        >
          {bars.ts.length === 0 ? (
            <EmptyNote title="No bars yet">{history.notice ?? 'The first bar appears when it closes.'}</EmptyNote>
          ) : (
            <Candles
              bars={bars}
              label={`Candles of ${symbol}, ${history.timeframe}, with own trades`}
              synthetic={history.synthetic}
              fills={history.fills.length === 0 ? NO_FILLS : history.fills}
              lines={lines}
              forecast={forecast}
              height={470}
              fitKey={`${symbol}/${most}`}
            />
          )}
        </Panel>
        <FundingPanel funding={history.funding} />
      </Cell>
      <Cell span={3}>
        <Panel title="Book" note="base units" flush>
          <BookLadder tick={tick} />
        </Panel>
      </Cell>
    </Grid>
  );
};
