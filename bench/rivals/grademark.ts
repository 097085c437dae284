import { FAST, SLOW } from '../fixtures/sma-run.js';
import type { Rival, RivalWork } from './rival.js';

interface Bar {
  readonly time: Date;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
}
interface Averaged extends Bar {
  readonly fast: number;
  readonly slow: number;
}

/** Of data-forge, what is used here; `sma` is of data-forge-indicators. */
interface Series {
  sma(period: number): Series;
}
interface Frame<Row> {
  toArray(): Row[];
  deflate(pick: (row: Row) => number): Series;
  withSeries(series: Readonly<Record<'fast' | 'slow', Series>>): Frame<Averaged>;
  skip(rows: number): Frame<Row>;
  bake(): Frame<Row>;
}
interface DataForge {
  readonly DataFrame: new <Row>(rows: readonly Row[]) => Frame<Row>;
}

type PrepIndicators = (args: { readonly inputSeries: Frame<Bar> }) => Frame<Averaged>;

/** Of grademark, what is used here. */
interface Grademark {
  backtest(
    strategy: {
      readonly prepIndicators: PrepIndicators;
      readonly entryRule: (enter: () => void, args: { readonly bar: Averaged }) => void;
      readonly exitRule: (exit: () => void, args: { readonly bar: Averaged }) => void;
    },
    bars: Frame<Bar>,
  ): readonly unknown[];
}

/** Running sums over an array: as cheap as averages get. */
const runningSums =
  ({ DataFrame }: DataForge): PrepIndicators =>
  ({ inputSeries }) => {
    const input = inputSeries.toArray();
    let [fast, slow] = [0, 0];
    return new DataFrame(
      input.map((bar, i) => {
        fast += bar.close - (i >= FAST ? input[i - FAST]!.close : 0);
        slow += bar.close - (i >= SLOW ? input[i - SLOW]!.close : 0);
        const { time, open, high, low, close } = bar;
        return { time, open, high, low, close, fast: fast / FAST, slow: i >= SLOW - 1 ? slow / SLOW : NaN };
      }),
    );
  };

/** As its documentation writes them: columns that are merged into the frame. */
const mergedColumns =
  (): PrepIndicators =>
  ({ inputSeries }) => {
    const closes = inputSeries.deflate(bar => bar.close);
    return inputSeries
      .withSeries({ fast: closes.sma(FAST), slow: closes.sma(SLOW) })
      .skip(SLOW - 1)
      .bake();
  };

const prepare =
  (averages: (dataForge: DataForge) => PrepIndicators) =>
  ({ market: { bars }, load }: RivalWork): (() => number) => {
    const { backtest } = load('grademark') as Grademark;
    const dataForge = load('data-forge') as DataForge;
    load('data-forge-indicators');
    const [open, high, low, close] = bars.columns as [Float64Array, Float64Array, Float64Array, Float64Array];
    const rows = Array.from(bars.ts, (ts, i): Bar => ({
      time: new Date(ts),
      open: open[i]!,
      high: high[i]!,
      low: low[i]!,
      close: close[i]!,
    }));
    const frame = new dataForge.DataFrame(rows);
    const prepIndicators = averages(dataForge);
    return () =>
      backtest(
        {
          prepIndicators,
          entryRule: (enter, { bar: { fast, slow } }) => {
            if (fast > slow) enter();
          },
          exitRule: (exit, { bar: { fast, slow } }) => {
            if (!(fast > slow)) exit();
          },
        },
        frame,
      ).length;
  };

const DIFFERS = 'fills at the next open, knows no fees, slippage, funding, margin or account, and keeps its trades only';

/** With averages by running sums: as fast as it gets. */
export const grademark: Rival = {
  package: 'grademark',
  installed: '',
  largest: 1_000_000,
  differs: DIFFERS,
  prepare: prepare(runningSums),
};

/** With averages as its documentation writes them. */
export const grademarkMerged: Rival = {
  package: 'grademark',
  way: 'with data-forge sma',
  installed: '',
  largest: 100_000,
  differs: `${DIFFERS}; the averages are columns of data-forge`,
  prepare: prepare(mergedColumns),
};
