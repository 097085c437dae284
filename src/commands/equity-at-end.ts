import type { RunManifest } from '../engine/run-result.js';
import type { InputRange } from '../events/feed.js';
import { seriesName } from '../engine/market-lines.js';
import { timeframeMs } from '../market/timeframe.js';
import type { Account } from '../portfolio/account.js';
import { latencyModel } from '../sim/latency/latency-models.js';
import { loadInputs } from './recorded-run.js';
import type { Workspace } from './workspace.js';

/** A price and when the run knew it. */
interface Known {
  readonly price: number;
  readonly at: number;
}

const NEVER: Known = { price: NaN, at: -Infinity };

const chunkOf = async (workspace: Workspace, input: InputRange) => (await loadInputs(workspace, [input]))[0]?.chunk;

/** Latest close that was known when the run ended. */
const lastClose = async (workspace: Workspace, { config, inputs }: RunManifest, symbol: string): Promise<Known> => {
  const input = inputs.find(each => each.kind === 'bars' && each.timeframe === config.timeframe && each.symbol === symbol);
  const chunk = input && (await chunkOf(workspace, input));
  if (!chunk) return NEVER;
  const delay = timeframeMs(config.timeframe) + config.delays.bars;
  const row = chunk.ts.subarray(0, chunk.rows).findLastIndex(ts => ts + delay <= config.to);
  return row < 0 ? NEVER : { price: chunk.columns[3]![row]!, at: chunk.ts[row]! + delay };
};

/** Latest trade that was. Trades keep their order on the way: one that is faster waits for the one before. */
const lastTrade = async (workspace: Workspace, { config, inputs }: RunManifest, symbol: string): Promise<Known> => {
  const input = inputs.find(each => each.kind === 'trades' && each.symbol === symbol);
  const chunk = input && (await chunkOf(workspace, input));
  if (!chunk) return NEVER;
  const { feed } = latencyModel(config.latency, config.seed);
  let last = NEVER;
  for (let row = 0; row < chunk.rows; row++) {
    const ts = chunk.ts[row]!;
    const at = Math.max(last.at, ts + feed(ts, seriesName('trades', symbol)));
    if (at > config.to) break;
    last = { price: chunk.columns[0]![row]!, at };
  }
  return last;
};

/** Cash and unrealised profit of the positions at the last prices that the run knew. Throws bad data when the run's data is gone. */
export const equityAtEnd = async (workspace: Workspace, manifest: RunManifest, account: Account): Promise<number> => {
  const { config } = manifest;
  const isDeep = config.fills.kind !== 'bars';
  const last = new Float64Array(account.symbols.length).fill(NaN);
  for (const [i, symbol] of account.symbols.entries()) {
    if (![...account.lots].some((lots, slot) => lots !== 0 && account.symbolOf(slot) === i)) continue;
    const close = await lastClose(workspace, manifest, symbol);
    const trade = isDeep ? await lastTrade(workspace, manifest, symbol) : NEVER;
    last[i] = (trade.at > close.at ? trade : close).price;
  }
  return account.equity(last);
};
