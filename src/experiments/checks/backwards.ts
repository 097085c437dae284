import { memoryFeed } from '../../datasets/memory-feed.js';
import type { Fact } from '../../events/fact.js';
import type { Chunk } from '../../events/market.js';
import { backtest } from '../../sim/backtest.js';
import type { LeakSubject } from './leak-check.js';

/** Fewer changes of side than these are no timing: who buys and holds knows no moment. */
const FEWEST_CHANGES = 4;
/** Share of the changes of both runs that fall together. */
const ALIKE = 0.9;

/** Kinds whose values can be put in another order and still make a market. */
const REVERSIBLE: readonly Chunk['kind'][] = ['bars', 'funding', 'mark', 'index', 'open-interest'];

const reversed = (chunk: Chunk): Chunk => {
  if (!REVERSIBLE.includes(chunk.kind)) return chunk;
  const columns = chunk.columns.map(column => column.slice(0, chunk.rows).reverse());
  if (chunk.kind !== 'bars') return { ...chunk, columns };
  const [open, high, low, close, ...rest] = columns;
  return { ...chunk, columns: [close!, high!, low!, open!, ...rest] };
};

/** What the strategy does on other data; nothing where its code throws on it, which is an answer of its own. */
const decidedOn = async (subject: LeakSubject, chunks: readonly Chunk[]): Promise<readonly Fact[]> => {
  const { strategyOn, params, config, instruments, inputs } = subject;
  const run = backtest({
    strategy: strategyOn(chunks),
    params,
    bundle: 'backwards',
    config,
    instruments,
    feed: memoryFeed([...chunks], { from: -Infinity, to: config.to, ...(inputs && { inputs }) }),
  });
  return run.then(({ facts }) => facts).catch(() => []);
};

/** Every moment at which the strategy asks for another side of a symbol, or orders one. */
const changesOfSide = (facts: readonly Fact[]): ReadonlySet<string> => {
  const changes = new Set<string>();
  const side = new Map<string, number>();
  const take = (ts: number, key: string, next: number): void => {
    if (next !== (side.get(key) ?? 0)) changes.add(`${ts} ${key} ${next}`);
    side.set(key, next);
  };
  for (const fact of facts)
    if (fact.type === 'TargetSet') take(fact.ts, `target of ${fact.symbol}`, Math.sign(fact.exposure));
    // An order of the same side again is a second try or a second slice, which depends on what was filled.
    else if (fact.type === 'OrderRequested') take(fact.ts, `order of ${fact.symbol}`, fact.side === 'buy' ? 1 : -1);
  return changes;
};

/**
 * Whether a strategy, which made these `facts`, changes sides at the same moments when the same history is played backwards: then it goes by a calendar or by a table in its code, and data that are replaced cannot show
 * whether that table was written with hindsight. False where it cannot be told: for models, which would be trained anew, for trades and books, which have no way back, and for who hardly trades.
 */
export const decidesBackwardsAlike = async (subject: LeakSubject, facts: readonly Fact[]): Promise<boolean> => {
  const { chunks, strategyOn } = subject;
  if (strategyOn(chunks).forecasts !== undefined || chunks.some(({ kind }) => kind !== 'universe' && !REVERSIBLE.includes(kind)))
    return false;
  const forwards = changesOfSide(facts);
  if (forwards.size < FEWEST_CHANGES) return false;
  const backwards = changesOfSide(await decidedOn(subject, chunks.map(reversed)));
  const common = [...forwards].filter(change => backwards.has(change)).length;
  return common >= ALIKE * (forwards.size + backwards.size - common);
};
