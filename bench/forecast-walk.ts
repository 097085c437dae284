import { piscinaEngine } from '../src/cluster/piscina.js';
import { forecastRecipe } from '../src/engine/forecast-recipe.js';
import type { Chunk } from '../src/events/market.js';
import { forecastTape } from '../src/experiments/forecasting.js';
import { pretrain } from '../src/experiments/pretrain.js';
import { rolling } from '../src/experiments/splits/rolling.js';
import { walkForward } from '../src/experiments/walk-forward.js';
import { recipeHash } from '../src/models/recipe.js';
import quantEnsemble from '../src/strategies/builtin/quant-ensemble.js';
import { resolveParams } from '../src/strategies/params.js';
import { HOUR } from '../src/time.js';
import { hourlyPanel } from './fixtures/hourly-panel.js';
import { benchConfig } from './fixtures/sma-run.js';
import { market, perpetual } from './fixtures/minute-bars.js';
import { measurement, type Benchmark } from './harness/benchmark.js';

const MONTH = 720;
const shared = (values: readonly number[]): Float64Array => {
  const column = new Float64Array(new SharedArrayBuffer(8 * values.length));
  column.set(values);
  return column;
};

/** Bars and funding of the panel as chunks that workers share. */
const chunksOf = (rows: number): { readonly symbols: readonly string[]; readonly chunks: readonly Chunk[] } => {
  const { symbols, bars, futures } = hourlyPanel(rows, 3);
  const chunks = symbols.flatMap((symbol, s): Chunk[] => {
    const own = bars.map(at => at[s]!);
    const settled = futures.map(at => at[s]!).filter((f, i) => i > 0 && f.fundingTs !== futures[i - 1]![s]!.fundingTs);
    return [
      {
        kind: 'bars',
        symbol,
        timeframe: '1h',
        rows,
        ts: shared(own.map(bar => bar.openTime)),
        columns: (['open', 'high', 'low', 'close', 'volume'] as const).map(name => shared(own.map(bar => bar[name]))),
      },
      {
        kind: 'funding',
        symbol,
        rows: settled.length,
        ts: shared(settled.map(f => f.fundingTs)),
        columns: [shared(settled.map(f => f.funding)), shared(settled.map(f => f.fundingInterval))],
      },
    ];
  });
  return { symbols, chunks };
};

/**
 * A walk-forward of quant-ensemble as a user runs it, without data import and report: logistic, boosting and forest of 100 trees on the `core` features of three symbols, trained each
 * month on the last half year over two years of hours and half a year before them, then traded in nine windows.
 */
export const benchmark: Benchmark = {
  run: async ({ quick }) => {
    const rows = quick ? 7 * MONTH : 30 * MONTH;
    const { symbols, chunks } = chunksOf(rows);
    const ref = { builtin: 'quant-ensemble' };
    const bundle = 'builtin:quant-ensemble';
    const params = resolveParams(quantEnsemble.params, quick ? { trees: 20 } : {});
    const base = benchConfig([market(100)]);
    const config = { ...base, from: 6 * MONTH * HOUR, to: rows * HOUR, symbols: [...symbols].sort(), timeframe: '1h' };
    const engine = piscinaEngine({ workers: 2 });
    try {
      const begun = performance.now();
      const recipe = forecastRecipe(quantEnsemble, params, config, bundle);
      if (recipe === null) throw new Error('no forecasts');
      const finished = await pretrain(recipe, { strategy: ref, bundle, params, config, chunks }, { engine });
      const trained = performance.now();
      const tape = await forecastTape(recipe, config, chunks, finished);
      const forecast = performance.now();
      const opens = chunks.find(({ kind }) => kind === 'bars')!.ts.filter(ts => ts >= config.from);
      const test = `${quick ? 5 : 60}d`;
      await walkForward({
        runId: 'bench',
        strategy: { ref, hash: bundle, strategy: quantEnsemble },
        fixed: quick ? { trees: 20 } : {},
        config,
        instruments: symbols.map(symbol => perpetual(symbol)),
        data: { version: 'bench', chunks },
        tapes: { [recipeHash(recipe)]: tape },
        folds: rolling({ from: config.from, to: config.to, opens }, { train: quick ? '10d' : '180d', test }),
        sampler: { kind: 'list', configurations: [{}] },
        objective: { metric: 'sharpe', minimumTrades: 0 },
        engine,
      });
      const done = performance.now();
      const seconds = (from: number, to: number): number => (to - from) / 1000;
      return [
        measurement('quant-ensemble: trainings', seconds(begun, trained), 's'),
        measurement('quant-ensemble: forecasts of every bar', seconds(trained, forecast), 's'),
        measurement('quant-ensemble: windows traded', seconds(forecast, done), 's'),
        measurement('quant-ensemble: walk-forward, two workers', seconds(begun, done), 's', {
          targets: [{ on: 'value', atMost: 90, text: '≤ 90 s' }],
        }),
      ];
    } finally {
      await engine.close();
    }
  },
};
