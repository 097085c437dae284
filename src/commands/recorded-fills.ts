import { join } from 'node:path';
import { usageError } from '../errors.js';
import { RUN_TABLES } from '../journal/tables.js';
import { isInverse } from '../market/instrument.js';
import { timeframeMs } from '../market/timeframe.js';
import { readParquet } from '../parquet.js';
import type { IntervalSource } from '../sim/fills/fill-model.js';
import type { FillObservation } from '../sim/fills/fill-observation.js';
import { intervalBars, type IntervalAt } from '../sim/fills/interval-bars.js';
import { loadInputs, recordedManifest, requireBacktest } from './recorded-run.js';
import { findRun } from './run-list.js';
import type { Workspace } from './workspace.js';

/** Fills of a run as observations. */
export interface RecordedFills {
  readonly runId: string;
  readonly observations: readonly FillObservation[];
  readonly interval: IntervalSource;
  /** Fills left out because no bar with volume holds them. */
  readonly withoutBar: number;
}

/**
 * What takers of a backtest got, with volatility and volume of the run's own bars. Arrival is the price before slippage. Throws usage errors for an unknown run, a
 * walk-forward, and a run on inverse contracts, whose slippage is in coin.
 */
export const recordedFills = async (workspace: Workspace, id: string): Promise<RecordedFills> => {
  const run = await findRun(workspace, id);
  requireBacktest(run);
  const { inputs, config } = recordedManifest(run);
  const inverse = config.symbols.find(isInverse);
  if (inverse !== undefined)
    throw usageError('inverse-fills', `Run ${run.runId} trades ${inverse}, whose slippage is in coin.`, 'Give its fills as a CSV.');
  const bars = inputs.filter(({ kind, timeframe }) => kind === 'bars' && timeframe === config.timeframe);
  const intervals = new Map<string, IntervalAt>();
  for (const { chunk } of await loadInputs(workspace, bars))
    intervals.set(chunk.symbol, intervalBars(chunk, timeframeMs(config.timeframe)));
  const { rows, columns } = await readParquet(join(run.folder, RUN_TABLES.fills.file));
  const number = (name: string, row: number): number => Number(columns[name]?.[row] ?? NaN);
  const text = (name: string, row: number): string => String(columns[name]?.[row] ?? '');
  const observations: FillObservation[] = [];
  let withoutBar = 0;
  for (let row = 0; row < rows; row++) {
    if (text('liquidity', row) !== 'taker') continue;
    const ts = number('ts', row);
    const interval = intervals.get(text('symbol', row))?.(ts) ?? null;
    if (interval === null) {
      withoutBar++;
      continue;
    }
    const side = text('side', row) === 'buy' ? 1 : -1;
    const [price, quantity] = [number('price', row), number('quantity', row)];
    observations.push({
      ts,
      side,
      quantity,
      price,
      arrival: price - (side * number('slippage', row)) / quantity,
      ...interval,
      row: row + 1,
    });
  }
  const [first] = bars;
  return {
    runId: run.runId,
    observations,
    interval: first === undefined ? 'given' : { dataset: first.dataset, version: first.version, timeframe: config.timeframe },
    withoutBar,
  };
};
