import type { Bar } from '../events/market.js';
import { featureNames, type FeatureSet } from './feature-set.js';
import type { Feature } from './feature.js';
import { emptyFuturesView, type FuturesView, type Panel, type SymbolPanelFeature, type UniverseStep } from './panel-feature.js';

/** Rows of features of a universe, one instant at a time. */
export interface PanelFold {
  /** Numbers in a row. */
  readonly width: number;
  /**
   * Takes all bars of one instant (null where a symbol has none) and what is known of each symbol's futures data, and writes symbols × width numbers into `out`: the
   * row of symbol s begins at s × width; it is NaN where the symbol has no bar. Instants come in order. Allocates nothing.
   */
  step(bars: readonly (Bar | null)[], futures: readonly FuturesView[], out: Float64Array): void;
}

/** One feature's folds, one a symbol, and its first column. */
interface Folds<S> {
  readonly at: number;
  readonly steps: readonly S[];
}

type BarStep = ReturnType<Feature['create']>;
type PanelStep = ReturnType<SymbolPanelFeature['create']>;

/** Place of the leading symbol: Bitcoin's where it is in the universe, else the first. */
export const leaderOf = (symbols: readonly string[]): number =>
  Math.max(
    0,
    symbols.findIndex(symbol => /^BTC\b/.test(symbol)),
  );

/** What a panel shows before its first bar. */
const NO_BAR: Bar = {
  symbol: '',
  timeframe: '1h',
  openTime: NaN,
  ts: NaN,
  open: NaN,
  high: NaN,
  low: NaN,
  close: NaN,
  volume: NaN,
};

/** A fold over a universe's bars that keeps the state of every feature of the set for every symbol; columns as `featureNames` names them. */
export const createPanelFold = (set: FeatureSet, symbols: readonly string[]): PanelFold => {
  const width = featureNames(set).length;
  const leader = leaderOf(symbols);
  const bySymbol = <S>(create: () => S): readonly S[] => symbols.map(create);
  const own: Folds<BarStep>[] = [];
  const beyond: Folds<PanelStep>[] = [];
  const universe: { readonly at: number; readonly step: UniverseStep }[] = [];
  let at = 0;
  for (const { create, outputs } of set.features) {
    own.push({ at, steps: bySymbol(create) });
    at += outputs.length;
  }
  for (const feature of set.panel) {
    if ('createUniverse' in feature) universe.push({ at, step: feature.createUniverse(symbols.length) });
    else beyond.push({ at, steps: bySymbol(feature.create) });
    at += feature.outputs.length;
  }
  const panels = symbols.map((_, self): Panel => ({ bar: NO_BAR, bars: [], self, leader, ...emptyFuturesView() }));
  return {
    width,
    step: (bars, futures, out) => {
      for (const { at: start, step } of universe) step(bars, out, start, width);
      // Feature by feature and not symbol by symbol: each one's machine code stays in the cache for the whole universe.
      for (let k = 0; k < own.length; k++) {
        const { at: start, steps } = own[k]!;
        for (let s = 0; s < steps.length; s++) {
          const bar = bars[s];
          if (bar) steps[s]!(bar, out, s * width + start);
        }
      }
      for (let s = 0; s < panels.length; s++) {
        const bar = bars[s];
        if (bar) look(panels[s]!, bar, bars, futures[s]!);
      }
      for (let k = 0; k < beyond.length; k++) {
        const { at: start, steps } = beyond[k]!;
        for (let s = 0; s < steps.length; s++) if (bars[s]) steps[s]!(panels[s]!, out, s * width + start);
      }
      for (let s = 0; s < symbols.length; s++) if (!bars[s]) out.fill(NaN, s * width, (s + 1) * width);
    },
  };
};

const look = (panel: Panel, bar: Bar, bars: readonly (Bar | null)[], view: FuturesView): void => {
  panel.bar = bar;
  panel.bars = bars;
  panel.funding = view.funding;
  panel.fundingInterval = view.fundingInterval;
  panel.fundingTs = view.fundingTs;
  panel.mark = view.mark;
  panel.index = view.index;
  panel.openInterest = view.openInterest;
};
