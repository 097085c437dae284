import { featureNames } from '../src/features/feature-set.js';
import { createPanelFold } from '../src/features/panel-fold.js';
import { applyScaler, fitScaler } from '../src/features/scalers/scaler.js';
import { featureSetByName } from '../src/features/sets/feature-sets.js';
import { hourlyPanel } from './fixtures/hourly-panel.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { interleave, median, ratioOf } from './harness/interleave.js';

const SYMBOLS = 5;

/** Rows of features as models see them: the sets streamed over a universe, and rows brought to scale. */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = quick ? 4_000 : 20_000;
    const { symbols, bars, futures } = hourlyPanel(rows, SYMBOLS);
    const streamed = (name: string) => () => {
      const fold = createPanelFold(featureSetByName(name), symbols);
      const out = new Float64Array(fold.width * symbols.length);
      for (let i = 0; i < rows; i++) fold.step(bars[i]!, futures[i]!, out);
      return out;
    };
    const core = featureSetByName('core');
    const { width, step } = createPanelFold(core, symbols);
    const x = new Float64Array(rows * SYMBOLS * width);
    for (let i = 0; i < rows; i++) step(bars[i]!, futures[i]!, x.subarray(i * SYMBOLS * width, (i + 1) * SYMBOLS * width));
    const scaled = new Float64Array(width);
    const scaling = (kind: 'robust' | 'rank') => {
      const apply = applyScaler(fitScaler(kind, x, rows * SYMBOLS, width));
      return () => {
        for (let row = 0; row < rows * SYMBOLS; row++) apply(x, row * width, scaled, 0);
        return scaled;
      };
    };
    const [cores = [], prices = [], smalls = [], robust = [], rank = []] = await interleave(
      [
        { run: streamed('core') },
        { run: streamed('price-only') },
        { run: streamed('small') },
        { run: scaling('robust') },
        { run: scaling('rank') },
      ],
      { warmups: 3, rounds: quick ? 5 : 9 },
    );
    const perSecond = (timings: readonly number[]): number => (rows * SYMBOLS) / median(timings);
    const columns = (name: string): string => `${featureNames(featureSetByName(name)).length} columns`;
    return [
      measurement(`features: core, ${columns('core')}`, perSecond(cores), 'bars/s'),
      measurement('features: core', (perSecond(cores) * width) / 1e6, 'million numbers/s', {
        targets: [{ on: 'value', atLeast: 9, text: '≥ 9 million numbers/s (60 columns at 150,000 bars/s)' }],
      }),
      measurement(`features: price-only, ${columns('price-only')}`, perSecond(prices), 'bars/s'),
      measurement(`features: small, ${columns('small')}`, perSecond(smalls), 'bars/s'),
      measurement('features: robust scaler', perSecond(robust), 'rows/s', { ratio: ratioOf(robust, cores), of: 'core' }),
      measurement('features: rank scaler', perSecond(rank), 'rows/s', { ratio: ratioOf(rank, cores), of: 'core' }),
    ];
  },
};
