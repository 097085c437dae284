import { join } from 'node:path';
import { openDataset } from '../datasets/catalogue.js';
import { datasetFeed } from '../datasets/replay.js';
import type { Bar, MarketKind } from '../events/market.js';
import { timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { backtest } from '../sim/backtest.js';
import { openStoredBundle } from '../strategies/bundle.js';
import { loadStrategy } from '../strategies/load.js';
import type { SeenBar } from './decision-steps.js';
import type { RecordedAccount } from './recorded-account.js';
import type { Workspace } from './workspace.js';

/** Bars before the one that is asked about on which indicators warm up at most. */
const LOOKED_BACK = 5_000;
const OPTIONAL: readonly MarketKind[] = ['funding', 'mark'];

/**
 * The bars of a strategy of a session that `wanted` picks, with the values of its indicators there: its code of the newest session is run over the dataset up to `to`. Throws a usage error for a dataset that
 * there is not, or that has no such bars.
 */
export const recomputedBars = async (
  workspace: Workspace,
  { folder, manifest, instruments }: RecordedAccount,
  strategyName: string,
  datasetName: string,
  to: number,
  wanted: (bar: Bar) => boolean,
): Promise<SeenBar[]> => {
  const strategy = manifest.strategies.find(({ name }) => name === strategyName);
  if (strategy === undefined) return [];
  const dataset = await openDataset(workspace.root, datasetName);
  const { config } = manifest;
  const barMs = timeframeMs(checkedTimeframe(config.timeframe));
  const ref =
    strategy.builtin === null
      ? { bundle: await openStoredBundle(join(folder, 'manifests', `${strategy.bundle}.mjs`)) }
      : { builtin: strategy.builtin };
  const seen: SeenBar[] = [];
  const path = { kind: 'bars', path: 'pessimistic', limits: 'through', participation: null } as const;
  await backtest({
    strategy: await loadStrategy(ref),
    params: strategy.params,
    bundle: strategy.bundle,
    config: {
      ...config,
      from: to - 2 * barMs,
      to: to + barMs,
      capital: strategy.budget,
      fills: config.fills.kind === 'bars' ? config.fills : path,
      funding: { kind: 'none' },
    },
    instruments,
    feed: await datasetFeed(dataset, {
      symbols: config.symbols,
      timeframe: config.timeframe,
      kinds: ['bars'],
      optionalKinds: OPTIONAL,
      from: to - LOOKED_BACK * barMs,
      to: to + barMs,
    }),
    observe: (bar, values) => {
      if (wanted(bar)) seen.push({ bar, values });
    },
  });
  return seen;
};
