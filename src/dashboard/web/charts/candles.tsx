import { useEffect, useRef, useState } from 'preact/hooks';
import type * as Charts from 'lightweight-charts';
import type {
  CandlestickData,
  HistogramData,
  IChartApi,
  IPriceLine,
  ISeriesApi,
  ISeriesMarkersPluginApi,
  SeriesMarker,
  Time,
  UTCTimestamp,
} from 'lightweight-charts';
import type { BarColumns, FillView } from '../../api/accounts-api.js';
import { Loading } from '../parts/loading.js';
import { SyntheticBadge } from '../parts/badge.js';
import { price as priceText, priceDigits, quantity, utcMinute } from '../parts/figures.js';
import { scheme } from '../state/theme.js';
import { changedFrom } from './candle-data.js';
import { chartLook } from './chart-look.js';
import { colourOf, translucent } from './colours.js';

/** A level across the chart: a stop, a target, an entry, a liquidation price. */
export interface PriceLevel {
  readonly price: number;
  readonly title: string;
  readonly tone: 'gain' | 'loss' | 'alarm' | 'accent' | 'muted';
}

/** What a model expects from `ts` over `horizonMs`: mean and sd of the return. */
export interface ForecastBand {
  readonly ts: number;
  readonly mean: number;
  readonly sd: number;
  readonly horizonMs: number;
}

type Library = typeof Charts;
interface Drawn {
  readonly library: Library;
  readonly chart: IChartApi;
  readonly candles: ISeriesApi<'Candlestick'>;
  readonly volume: ISeriesApi<'Histogram'>;
  readonly expected: readonly ISeriesApi<'Line'>[];
  readonly markers: ISeriesMarkersPluginApi<Time>;
  lines: IPriceLine[];
}

const timeOf = (ms: number): UTCTimestamp => Math.floor(ms / 1000) as UTCTimestamp;

const candleAt = (bars: BarColumns, at: number): CandlestickData => ({
  time: timeOf(bars.ts[at]!),
  open: bars.open[at]!,
  high: bars.high[at]!,
  low: bars.low[at]!,
  close: bars.close[at]!,
});

const volumeAt = (bars: BarColumns, at: number): HistogramData => ({
  time: timeOf(bars.ts[at]!),
  value: bars.volume[at]!,
  color: translucent(bars.close[at]! >= bars.open[at]! ? 'gain-fill' : 'loss-fill', 0.35),
});

const volumes = (bars: BarColumns): HistogramData[] => {
  const [up, down] = [translucent('gain-fill', 0.35), translucent('loss-fill', 0.35)];
  return bars.ts.map((ts, at) => ({ time: timeOf(ts), value: bars.volume[at]!, color: bars.close[at]! >= bars.open[at]! ? up : down }));
};

/** Own trades under and over the bars in which they happened; several on one side of a bar are one arrow, and the more of them the larger. */
const markersOf = (fills: readonly FillView[], bars: BarColumns): SeriesMarker<UTCTimestamp>[] => {
  const found = new Map<string, { ts: number; side: 'buy' | 'sell'; count: number }>();
  for (const fill of fills) {
    let [low, high] = [0, bars.ts.length - 1];
    if (high < 0 || fill.ts < bars.ts[0]!) continue;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (bars.ts[middle]! <= fill.ts) low = middle;
      else high = middle - 1;
    }
    const key = `${low}/${fill.side}`;
    const one = found.get(key) ?? { ts: bars.ts[low]!, side: fill.side, count: 0 };
    one.count++;
    found.set(key, one);
  }
  return [...found.values()]
    .sort((a, b) => a.ts - b.ts)
    .map(({ ts, side, count }) => ({
      time: timeOf(ts),
      position: side === 'buy' ? 'belowBar' : 'aboveBar',
      shape: side === 'buy' ? 'arrowUp' : 'arrowDown',
      color: colourOf(side === 'buy' ? 'gain' : 'loss'),
      size: Math.min(2, 0.9 + count * 0.1),
    }));
};

/** Candles with volume, own trades, levels and what models expect. Up to 100,000 bars; a new or changed last bar is drawn without drawing the others again. `fitKey` changing (a symbol, a timeframe) shows the newest bars again. */
export const Candles = ({
  bars,
  label,
  synthetic,
  fills = [],
  lines = [],
  forecast = null,
  height = 420,
  fitKey = '',
}: {
  readonly bars: BarColumns;
  readonly label: string;
  readonly synthetic: boolean;
  readonly fills?: readonly FillView[];
  readonly lines?: readonly PriceLevel[];
  readonly forecast?: ForecastBand | null;
  readonly height?: number;
  readonly fitKey?: string;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<Drawn | null>(null);
  const shown = useRef<{ readonly bars: BarColumns; readonly key: string } | null>(null);
  const [ready, setReady] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const now = useRef(bars);
  now.current = bars;
  const theme = scheme.value;

  useEffect(() => {
    let gone = false;
    const begin = async (): Promise<void> => {
      const library = await import('lightweight-charts');
      if (gone || box.current === null) return;
      const chart = library.createChart(box.current, { ...chartLook(), autoSize: true });
      const candles = chart.addSeries(library.CandlestickSeries, { borderVisible: false });
      candles.priceScale().applyOptions({ scaleMargins: { top: 0.08, bottom: 0.22 } });
      const volume = chart.addSeries(library.HistogramSeries, {
        priceScaleId: 'volume',
        priceFormat: { type: 'volume' },
        lastValueVisible: false,
        priceLineVisible: false,
      });
      volume.priceScale().applyOptions({ scaleMargins: { top: 0.84, bottom: 0 } });
      const expected = [2, 0, 0].map(style =>
        chart.addSeries(library.LineSeries, {
          lineWidth: style === 2 ? 2 : 1,
          lineStyle: style,
          lastValueVisible: false,
          priceLineVisible: false,
          crosshairMarkerVisible: false,
          autoscaleInfoProvider: () => null,
        }),
      );
      chart.subscribeCrosshairMove(({ time, logical }) => {
        const index = time === undefined || logical === undefined ? null : Math.round(logical);
        setAt(index !== null && index >= 0 && index < now.current.ts.length ? index : null);
      });
      drawn.current = { library, chart, candles, volume, expected, markers: library.createSeriesMarkers(candles, []), lines: [] };
      setReady(true);
    };
    void begin();
    return () => {
      gone = true;
      drawn.current?.chart.remove();
      drawn.current = null;
      shown.current = null;
    };
  }, []);

  useEffect(() => {
    const it = drawn.current;
    if (it === null) return;
    it.chart.applyOptions(chartLook());
    it.candles.applyOptions({
      upColor: colourOf('gain-fill'),
      downColor: colourOf('loss-fill'),
      wickUpColor: colourOf('gain-fill'),
      wickDownColor: colourOf('loss-fill'),
    });
    it.expected.forEach((series, of) => series.applyOptions({ color: of === 0 ? colourOf('accent') : translucent('accent', 0.6) }));
    if (shown.current !== null) it.volume.setData(volumes(shown.current.bars));
  }, [ready, theme]);

  useEffect(() => {
    const it = drawn.current;
    if (it === null) return;
    const from = shown.current?.key === fitKey ? changedFrom(shown.current.bars, bars) : null;
    if (from === null) {
      it.candles.setData(bars.ts.map((_, index) => candleAt(bars, index)));
      it.volume.setData(volumes(bars));
      const digits = bars.close.length > 0 ? priceDigits(bars.close.at(-1)!) : 2;
      it.candles.applyOptions({
        priceFormat: { type: 'custom', minMove: Number(`1e-${digits}`), formatter: (value: number) => priceText(value, digits) },
      });
      if (shown.current?.key !== fitKey) {
        const last = bars.ts.length;
        it.chart.timeScale().setVisibleLogicalRange({ from: Math.max(-2, last - 140), to: last + 26 });
      }
    } else
      for (let index = from; index < bars.ts.length; index++) {
        it.candles.update(candleAt(bars, index));
        it.volume.update(volumeAt(bars, index));
      }
    shown.current = { bars, key: fitKey };
  }, [ready, bars, fitKey]);

  const first = bars.ts[0];
  const closed = bars.ts.length;
  useEffect(() => {
    drawn.current?.markers.setMarkers(markersOf(fills, now.current));
  }, [ready, fills, first, closed, theme]);

  const levels = JSON.stringify(lines);
  useEffect(() => {
    const it = drawn.current;
    if (it === null) return;
    it.lines.forEach(line => it.candles.removePriceLine(line));
    it.lines = lines.map(({ price, title, tone }) =>
      it.candles.createPriceLine({ price, title, color: colourOf(tone), lineWidth: 1, lineStyle: 2, axisLabelVisible: true }),
    );
  }, [ready, levels, theme]);

  const expectedKey = JSON.stringify(forecast);
  useEffect(() => {
    const it = drawn.current;
    if (it === null) return;
    const known = now.current;
    const base = known.close.at(-1);
    const [end, before] = [known.ts.at(-1), known.ts.at(-2)];
    if (forecast === null || base === undefined || end === undefined || before === undefined) {
      it.expected.forEach(series => series.setData([]));
      return;
    }
    const step = end - before;
    const steps = Math.max(1, Math.round(forecast.horizonMs / step));
    // The spread of a sum of steps grows with the root of their number.
    it.expected.forEach((series, of) =>
      series.setData(
        Array.from({ length: steps + 1 }, (_, n) => {
          const part = n / steps;
          const wide = (of === 0 ? 0 : of === 1 ? 1 : -1) * forecast.sd * Math.sqrt(part);
          return { time: timeOf(end + n * step), value: base * (1 + forecast.mean * part + wide) };
        }),
      ),
    );
  }, [ready, expectedKey, closed]);

  const index = at ?? bars.ts.length - 1;
  const readout = index >= 0 && index < bars.ts.length;
  const digits = bars.close.length > 0 ? priceDigits(bars.close.at(-1)!) : 2;
  return (
    <figure class="chart" aria-label={label}>
      <figcaption class="chart-readout">
        <span class="figure">{readout ? `${utcMinute(bars.ts[index])} UTC` : '–'}</span>
        {(['open', 'high', 'low', 'close'] as const).map(name => (
          <span key={name} class="figure">
            <span class="muted">{name[0]!.toUpperCase()}</span> {readout ? priceText(bars[name][index], digits) : '–'}
          </span>
        ))}
        <span class="figure">
          <span class="muted">V</span> {readout ? quantity(bars.volume[index]) : '–'}
        </span>
        {synthetic ? <SyntheticBadge /> : null}
      </figcaption>
      <div class="chart-canvas" ref={box} style={{ height: `${height}px` }} role="img" aria-label={label}>
        {ready ? null : <Loading height={height} />}
      </div>
    </figure>
  );
};
