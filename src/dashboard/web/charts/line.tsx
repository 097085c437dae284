import { useEffect, useRef, useState } from 'preact/hooks';
import type * as Charts from 'lightweight-charts';
import type { IChartApi, ISeriesApi, UTCTimestamp } from 'lightweight-charts';
import { Loading } from '../parts/loading.js';
import { decimal, utcMinute } from '../parts/figures.js';
import { scheme } from '../state/theme.js';
import { chartLook } from './chart-look.js';
import { colourOf, translucent } from './colours.js';

/** A line over time. `pane` 1 stands below pane 0 with a scale of its own. */
export interface LineSeries {
  readonly name: string;
  /** Epoch ms, ascending. */
  readonly ts: readonly number[];
  readonly values: readonly (number | null)[];
  readonly tone?: 'accent' | 'gain' | 'loss' | 'muted' | 'benchmark' | 's1' | 's2' | 's3' | 's4' | 's5' | 's6' | 's7' | 's8';
  readonly kind?: 'line' | 'area';
  readonly pane?: 0 | 1;
  /** How its values are written, in the readout and on the scale. */
  readonly format?: (value: number) => string;
}

interface Shown {
  readonly series: ISeriesApi<'Area'> | ISeriesApi<'Line'>;
  readonly kind: string;
  first: number | undefined;
  last: number | undefined;
  length: number;
}

const plain = (value: number): string => decimal(value);

/** Whole seconds that ascend strictly, as the library wants them: of several points in one second the last counts. */
const points = (ts: readonly number[], values: readonly (number | null)[], from = 0): { time: UTCTimestamp; value: number }[] => {
  const found: { time: UTCTimestamp; value: number }[] = [];
  for (let at = from; at < ts.length; at++) {
    const value = values[at];
    if (value === null || value === undefined || !Number.isFinite(value)) continue;
    const point = { time: Math.floor(ts[at]! / 1000) as UTCTimestamp, value };
    if (found.at(-1)?.time === point.time) found[found.length - 1] = point;
    else found.push(point);
  }
  return found;
};

/** Lines over UTC time, such as equity with drawdown below. Points that come at the end are drawn without drawing the others again. */
export const LineChart = ({
  label,
  series,
  height = 260,
}: {
  readonly label: string;
  readonly series: readonly LineSeries[];
  readonly height?: number;
}) => {
  const box = useRef<HTMLDivElement>(null);
  const drawn = useRef<{ readonly library: typeof Charts; readonly chart: IChartApi } | null>(null);
  const shown = useRef(new Map<string, Shown>());
  const [ready, setReady] = useState(false);
  const [at, setAt] = useState<number | null>(null);
  const theme = scheme.value;

  useEffect(() => {
    let gone = false;
    const begin = async (): Promise<void> => {
      const library = await import('lightweight-charts');
      if (gone || box.current === null) return;
      const chart = library.createChart(box.current, { ...chartLook(), autoSize: true, handleScroll: false, handleScale: false });
      chart.timeScale().applyOptions({ fixLeftEdge: true, fixRightEdge: true, lockVisibleTimeRangeOnResize: true });
      chart.subscribeCrosshairMove(({ time }) => setAt(typeof time === 'number' ? time * 1000 : null));
      drawn.current = { library, chart };
      setReady(true);
    };
    void begin();
    return () => {
      gone = true;
      drawn.current?.chart.remove();
      drawn.current = null;
      shown.current.clear();
    };
  }, []);

  useEffect(() => {
    drawn.current?.chart.applyOptions(chartLook());
  }, [ready, theme]);

  useEffect(() => {
    const it = drawn.current;
    if (it === null) return;
    let isFilled = false;
    for (const [name, old] of shown.current)
      if (!series.some(one => one.name === name && (one.kind ?? 'line') === old.kind)) {
        it.chart.removeSeries(old.series);
        shown.current.delete(name);
      }
    for (const one of series) {
      const kind = one.kind ?? 'line';
      let old = shown.current.get(one.name);
      const format = one.format ?? plain;
      const tone = one.tone ?? 'accent';
      if (old === undefined) {
        const options = {
          lineWidth: 2 as const,
          priceLineVisible: false,
          lastValueVisible: true,
          priceFormat: { type: 'custom' as const, minMove: 0.000_001, formatter: format },
        };
        old = {
          series:
            kind === 'area'
              ? it.chart.addSeries(it.library.AreaSeries, { ...options, lineWidth: 2 }, one.pane ?? 0)
              : it.chart.addSeries(it.library.LineSeries, options, one.pane ?? 0),
          kind,
          first: undefined,
          last: undefined,
          length: 0,
        };
        shown.current.set(one.name, old);
        if (one.pane === 1) {
          it.chart.panes()[0]?.setStretchFactor(3);
          it.chart.panes()[1]?.setStretchFactor(1);
        }
      }
      if (kind === 'area')
        (old.series as ISeriesApi<'Area'>).applyOptions({
          lineColor: colourOf(tone),
          topColor: translucent(tone, 0.16),
          bottomColor: translucent(tone, 0.02),
          ...(one.pane === 1 && { invertFilledArea: true, topColor: translucent(tone, 0.02), bottomColor: translucent(tone, 0.22) }),
        });
      else (old.series as ISeriesApi<'Line'>).applyOptions({ color: colourOf(tone) });
      // Points that were asked for anew may lie otherwise, and the library refuses one that is older than its last.
      if (old.length > 0 && old.first === one.ts[0] && old.last === one.ts[old.length - 1])
        for (const point of points(one.ts, one.values, old.length - 1)) old.series.update(point);
      else {
        old.series.setData(points(one.ts, one.values));
        isFilled = true;
      }
      old.first = one.ts[0];
      old.last = one.ts.at(-1);
      old.length = one.ts.length;
    }
    if (isFilled) it.chart.timeScale().fitContent();
  }, [ready, series, theme]);

  const readAt = (one: LineSeries): number | null => {
    if (one.ts.length === 0) return null;
    if (at === null) return one.values.at(-1) ?? null;
    let [low, high] = [0, one.ts.length - 1];
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if (one.ts[middle]! < at + 1000) low = middle;
      else high = middle - 1;
    }
    return one.values[low] ?? null;
  };
  const end = series.reduce<number | null>((last, { ts }) => Math.max(last ?? 0, ts.at(-1) ?? 0) || last, null);
  return (
    <figure class="chart" aria-label={label}>
      <figcaption class="chart-readout">
        <span class="figure">{`${utcMinute(at ?? end)} UTC`}</span>
        {series.map(one => {
          const value = readAt(one);
          return (
            <span key={one.name} class="figure">
              <span class="key" style={{ background: `var(--${one.tone ?? 'accent'})` }} />
              <span class="muted">{one.name}</span> {value === null ? '–' : (one.format ?? plain)(value)}
            </span>
          );
        })}
      </figcaption>
      <div class="chart-canvas" ref={box} style={{ height: `${height}px` }} role="img" aria-label={label}>
        {ready ? null : <Loading height={height} />}
      </div>
    </figure>
  );
};
