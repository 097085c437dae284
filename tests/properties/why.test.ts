import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { transform } from 'esbuild';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { STATE_EVERY } from '../../src/engine/account-state.js';
import { MarginConfig, type RunConfig } from '../../src/engine/run-config.js';
import type { RunResult } from '../../src/engine/run-result.js';
import { StateFold, stateFault } from '../../src/engine/state-fold.js';
import type { Fact } from '../../src/events/fact.js';
import { causalChains, isComplete, type CausalLink } from '../../src/journal/causal-chain.js';
import { timeframe } from '../../src/market/timeframe.js';
import { tripReasons } from '../../src/reports/causes/trip-reasons.js';
import { BUILT_IN } from '../../src/strategies/built-in.js';
import { resolveStrategy } from '../../src/strategies/load.js';
import { order, target } from '../../src/strategies/intent.js';
import { defineStrategy, type Strategy } from '../../src/strategies/strategy.js';
import { HOUR } from '../../src/time.js';
import { busyStrategy } from '../arbitraries/busy-strategy.js';
import { executingStrategy } from '../arbitraries/executing-strategy.js';
import { anyMarket, smallMarket, type SmallMarket } from '../arbitraries/market.js';
import { run } from '../arbitraries/run.js';
import { signallingStrategy } from '../arbitraries/signalling-strategy.js';

const FILLS: ReadonlySet<Fact['type']> = new Set(['OrderFilled', 'ExternalFilled', 'PositionAdopted']);

interface Told {
  readonly fill: Fact;
  readonly chain: readonly CausalLink[];
}

const told = ({ facts, manifest: { config } }: RunResult): Told[] => {
  const chain = causalChains(facts, { bars: { timeframe: timeframe(config.timeframe), delayMs: config.delays.bars } });
  return facts.filter(({ type }) => FILLS.has(type)).map(fill => ({ fill, chain: chain(fill.seq) }));
};

/** What the first fact of a fill's chain came from, or what is wrong with the chain. */
const rootOf = ({ fill, chain }: Told, market: SmallMarket): string => {
  if (!isComplete(chain)) return `fill ${fill.seq}: no complete chain`;
  for (const [i, { fact, from }] of chain.entries()) {
    const next = chain[i + 1];
    if (next && !(next.from.kind === 'fact' && next.from.seq === fact.seq)) return `fill ${fill.seq}: broken after ${fact.seq}`;
    if (next && (next.fact.seq <= fact.seq || next.fact.knownAt < fact.knownAt)) return `fill ${fill.seq}: effect before cause`;
    if (i > 0 && from.kind !== 'fact') return `fill ${fill.seq}: a second beginning`;
  }
  const { from, fact } = chain[0]!;
  if (from.kind === 'outside') return `${from.who}:${from.code}`;
  if (from.kind === 'bar') {
    // The bar is in the data, and closed when the fact was said.
    const bars = market.chunks.find(chunk => chunk.kind === 'bars' && (from.symbol === null || chunk.symbol === from.symbol));
    const isThere = bars?.ts.includes(from.openTime) === true && from.openTime + HOUR === fact.knownAt;
    return isThere ? 'bar' : `fill ${fill.seq}: no bar of ${from.symbol} opens at ${from.openTime}`;
  }
  return from.kind;
};

const rootsOf = (result: RunResult, market: SmallMarket): Record<string, number> => {
  const roots: Record<string, number> = {};
  for (const each of told(result)) {
    const root = rootOf(each, market);
    roots[root] = (roots[root] ?? 0) + 1;
  }
  return roots;
};

/** The first recorded state that another fold of the same facts does not give. */
const differs = ({ facts, states = [], manifest: { instruments, config } }: RunResult): string | null =>
  stateFault(facts, states, new StateFold(instruments, config.capital, { hedge: config.margin?.positions === 'hedge' }));

const SHORT = {
  lookback: 24,
  volatilityWindow: 24,
  rebalance: 3,
  channel: 10,
  settlements: 3,
  horizon: 4,
  trees: 10,
  retrain: 100,
  staleMs: 600_000,
};

/** A quote every five minutes, about a straight line from each bar's open to its close. */
const quotesAlong = (market: SmallMarket): SmallMarket => ({
  ...market,
  chunks: [
    ...market.chunks,
    ...market.chunks
      .filter(({ kind }) => kind === 'bars')
      .map(({ symbol, rows, ts, columns }) => {
        const at = Array.from({ length: rows * 12 }, (_, i) => ({ row: Math.floor(i / 12), part: (i % 12) / 12 }));
        const mid = at.map(({ row, part }) => columns[0]![row]! * (1 - part) + columns[3]![row]! * part);
        const size = new Float64Array(rows * 12).fill(5);
        return {
          kind: 'quotes' as const,
          symbol,
          rows: rows * 12,
          ts: Float64Array.from(at, ({ row, part }) => ts[row]! + part * HOUR),
          columns: [Float64Array.from(mid, m => m * 0.9999), size, Float64Array.from(mid, m => m * 1.0001), size],
        };
      }),
  ],
});

/** Carries five times what it has, either way, and asks for more while it does. */
const reckless = defineStrategy({
  name: 'reckless',
  params: {},
  decide: ({ symbol, close }, _, { random, equity }) => {
    const dice = random();
    if (dice < 0.05) return target(symbol, random() < 0.5 ? 5 : -5);
    return dice < 0.1 ? order({ symbol, side: 'buy', quantity: equity / close, limit: close * 0.995 }) : undefined;
  },
});

/** Both legs of each symbol, in and out, with a stop that only the short one has. */
const hedged = defineStrategy({
  name: 'hedged',
  params: {},
  decide: ({ symbol, close }, _, { random, equity }) => {
    const dice = random();
    if (dice > 0.5) return undefined;
    const positionSide = random() < 0.5 ? ('long' as const) : ('short' as const);
    const opens = random() < 0.6;
    const side = opens === (positionSide === 'long') ? 'buy' : 'sell';
    const quantity = (0.4 * equity * random()) / close;
    if (dice < 0.1 && positionSide === 'short')
      return order({ symbol, side: 'buy', quantity, stop: close * 1.01, positionSide, reduceOnly: true });
    return order({ symbol, side, quantity, positionSide, reduceOnly: !opens });
  },
});

/** Little money, and twenty times as much at the venue. */
const strained = (config: Partial<RunConfig>): Partial<RunConfig> => ({
  leverage: 20,
  capital: 1_000,
  risk: { maxOrderNotional: null, maxLeverage: null, maxExposure: null, priceCollar: null, maxDrawdown: null },
  ...config,
});

describe('every fill of a run has a complete causal chain, and recorded states are what its facts give', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'why-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));
  const example = async (name: string): Promise<Strategy> => {
    const { code } = await transform(await readFile(`examples/${name}.ts`, 'utf8'), { loader: 'ts' });
    const file = join(folder, `${name}.js`);
    await writeFile(file, code);
    return (await resolveStrategy(file, { cacheDir: join(folder, 'bundles') })).strategy;
  };
  const judge = (result: RunResult, market: SmallMarket, expected: readonly string[]): Record<string, number> => {
    const roots = rootsOf(result, market);
    expect(Object.keys(roots).filter(root => !expected.includes(root))).toEqual([]);
    expect(differs(result)).toBeNull();
    expect(result.states!.length).toBeGreaterThan(result.facts.length / (STATE_EVERY + 100));
    expect(result.states!.at(-1)!.seq).toBe(result.facts.length - 1);
    return roots;
  };

  for (const [name, load] of Object.entries(BUILT_IN))
    it(`of ${name}`, async () => {
      const { default: strategy } = await load();
      const params = Object.fromEntries(Object.entries(SHORT).filter(([key]) => key in strategy.params));
      const isMaker = name === 'market-maker';
      const made = smallMarket(21, strategy.forecasts ? 600 : isMaker ? 100 : 300, isMaker ? 1 : 3, { atEnd: 'close' });
      const market = isMaker ? quotesAlong(made) : made;
      const roots = judge(await run(market, strategy, params), market, ['bar', 'run:end-of-data', ...(isMaker ? ['moment'] : [])]);
      // Models of random prices may find nothing to trade.
      if (!strategy.forecasts) expect((roots['bar'] ?? 0) + (roots['moment'] ?? 0)).toBeGreaterThan(0);
    });

  for (const name of ['cross-section', 'plotting', 'protective-stop', 'time-stop', 'touch-quotes', 'two-timeframes', 'hedged-carry'])
    it(`of examples/${name}.ts`, async () => {
      const made = smallMarket(22, 400, 3);
      const instruments = made.instruments.map((each, i) =>
        name === 'hedged-carry' && i === 0 ? { ...each, kind: 'spot' as const, symbol: 'A/USDT' } : each,
      );
      const renamed = { ...made, instruments, config: { ...made.config, symbols: instruments.map(({ symbol }) => symbol) } };
      const market =
        name === 'hedged-carry'
          ? {
              ...renamed,
              chunks: made.chunks.flatMap(chunk =>
                chunk.symbol !== made.instruments[0]!.symbol ? [chunk] : chunk.kind === 'bars' ? [{ ...chunk, symbol: 'A/USDT' }] : [],
              ),
            }
          : made;
      const roots = judge(await run(market, await example(name), name === 'two-timeframes' ? { average: 5, length: 5 } : {}), market, [
        'bar',
      ]);
      expect(roots['bar']).toBeGreaterThan(0);
    });

  const anything: readonly (readonly [string, Strategy, Partial<RunConfig>, readonly string[]])[] = [
    ['targets, orders, stops and cancels', busyStrategy, {}, ['bar']],
    ['plans with stop-loss and take-profit', signallingStrategy, {}, ['bar']],
    ['brackets, linked orders, icebergs and slices', executingStrategy, {}, ['bar']],
    ['both legs of hedge mode', hedged, { margin: MarginConfig.parse({ mode: 'cross', positions: 'hedge' }) }, ['bar']],
    ['a drawdown that halts', busyStrategy, { risk: { ...smallMarket(1, 60, 1).config.risk, maxDrawdown: 0.02 } }, ['bar']],
    ['whatever is open when the data ends', executingStrategy, { atEnd: 'close' }, ['bar', 'run:end-of-data']],
    [
      'liquidations of cross margin',
      reckless,
      strained({ margin: MarginConfig.parse({ mode: 'cross', liquidation: { fee: 0.01 } }) }),
      ['bar', 'venue:liquidation'],
    ],
    [
      'liquidations of isolated margin',
      busyStrategy,
      strained({ margin: MarginConfig.parse({ mode: 'isolated' }) }),
      ['bar', 'venue:liquidation'],
    ],
    ['a liquidated account without a margin model', reckless, strained({}), ['bar', 'venue:liquidation']],
  ];
  for (const [what, strategy, overrides, expected] of anything)
    it(`of ${what}, on any market`, async () => {
      const seen: Record<string, number> = {};
      await fc.assert(
        fc.asyncProperty(anyMarket(overrides), async market => {
          const roots = judge(await run(market, strategy, strategy === busyStrategy ? { size: 2 } : {}), market, expected);
          for (const [root, n] of Object.entries(roots)) seen[root] = (seen[root] ?? 0) + n;
        }),
        { numRuns: strategy === executingStrategy ? 3 : 6, seed: 5 },
      );
      // Nothing is shown by what never happens.
      expect(Object.keys(seen).sort()).toEqual([...expected].sort());
    });

  it('and neither holds any more when a fact of the journal is lost or altered', async () => {
    const market = smallMarket(3, 200, 2);
    const result = await run(market, busyStrategy);
    const fills = told(result).filter(({ chain }) => chain.length > 3);
    expect(fills.length).toBeGreaterThan(5);
    for (const { fill, chain } of fills.slice(0, 20)) {
      // Any fact of the chain but the fill itself.
      const lost = chain[chain.length >> 1]!.fact.seq;
      const [broken] = told({ ...result, facts: result.facts.filter(({ seq }) => seq !== lost) }).filter(
        each => each.fill.seq === fill.seq,
      );
      expect(rootOf(broken!, market)).toBe(`fill ${fill.seq}: no complete chain`);
    }
    const filled = result.facts.findIndex(({ type }) => type === 'OrderFilled');
    const fact = result.facts[filled]!;
    if (fact.type !== 'OrderFilled') throw new Error('nothing filled');
    for (const altered of [
      { ...fact, lots: fact.lots + 1 },
      { ...fact, fee: fact.fee + 1 },
      { ...fact, price: fact.price + 1 },
    ])
      expect(differs({ ...result, facts: result.facts.with(filled, altered) })).toMatch(/^after fact \d+ the account was in state/);
  });

  it('and the report tells them of the best and the worst round trips, from bar to fill', async () => {
    const market = smallMarket(4, 300, 2);
    const result = await run(market, busyStrategy);
    const reasons = tripReasons(result);
    const ranked = [...result.roundTrips].sort((a, b) => b.netPnl - a.netPnl);
    expect(reasons.map(({ netPnl }) => netPnl)).toEqual([...ranked.slice(0, 5), ...ranked.slice(-5)].map(({ netPnl }) => netPnl));
    for (const { entry, exit, entrySeq, exitSeq, symbol } of reasons) {
      expect(entry).toMatch(/^1h bar [\d-]+ [\d:]+ → .*gate passed o\d+ → (bought|sold) \S+ at \S+$/);
      expect(exit).toMatch(/^1h bar [\d-]+ [\d:]+ → .*(bought|sold) \S+ at \S+$/);
      for (const seq of [entrySeq, exitSeq]) expect(result.facts[seq]).toMatchObject({ type: 'OrderFilled', symbol });
    }
  });
});
