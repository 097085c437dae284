import { memoryFeed } from '../src/datasets/memory-feed.js';
import { backtest, type BacktestSpec } from '../src/sim/backtest.js';
import { cancel, order, type Intent } from '../src/strategies/intent.js';
import { defineStrategy } from '../src/strategies/strategy.js';
import { market, perpetual, type Market } from './fixtures/minute-bars.js';
import { benchConfig, smaRun } from './fixtures/sma-run.js';

/** Orders of `quoting` are moved after so many bars. */
const EVERY = 5;

/** A limit order on each side of the market and a stop behind them, moved every five bars: the venue walks every bar with orders at work. */
const quoting = defineStrategy({
  name: 'quoting',
  description: 'Limit orders on both sides of the market and a stop, moved every five bars.',
  params: {},
  memory: () => ({ bars: 0 }),
  decide: ({ symbol, close }, _, { memory, position, equity }): readonly Intent[] => {
    const n = memory.bars++;
    if (n % EVERY !== 0) return [];
    const last = n / EVERY;
    const names = ['buy', 'sell', 'stop'].map(side => `${side}-${last}`);
    const [buy = '', sell = '', stop = ''] = names;
    const gone = ['buy', 'sell', 'stop'].map(side => cancel(`${side}-${last - 1}`));
    const quantity = (0.2 * equity) / close;
    const held = position(symbol).quantity;
    return [
      ...gone,
      order({ symbol, side: 'buy', quantity, limit: close * 0.999, id: buy }),
      order({ symbol, side: 'sell', quantity, limit: close * 1.001, id: sell }),
      ...(held === 0
        ? []
        : [
            order({
              symbol,
              side: held > 0 ? 'sell' : 'buy',
              quantity: Math.abs(held),
              stop: close * (held > 0 ? 0.99 : 1.01),
              reduceOnly: true,
              id: stop,
            }),
          ]),
    ];
  },
});

const quotingRun = (markets: readonly Market[]): BacktestSpec => ({
  ...smaRun(markets),
  strategy: quoting,
  params: {},
  bundle: 'benchmark:quoting',
  config: benchConfig(markets),
  feed: memoryFeed(markets.map(({ bars }) => bars)),
  instruments: markets.map(({ bars }) => perpetual(bars.symbol)),
});

/** What is compared, by name. */
const CASES: Readonly<Record<string, (rows: number) => BacktestSpec>> = {
  'sma-cross': rows => smaRun([market(rows)]),
  'flat margin': rows => {
    const spec = smaRun([market(rows)]);
    const { margin: _, ...config } = spec.config;
    return { ...spec, config };
  },
  'orders at work': rows => {
    const spec = quotingRun([market(Math.ceil(rows / 2))]);
    return { ...spec, config: { ...spec.config, funding: { kind: 'none' } } };
  },
  'ten symbols': rows => smaRun(Array.from({ length: 10 }, (_, i) => market(Math.ceil(rows / 10), { symbol: `C${i}/USDT:USDT` }))),
};

/** What the parent asks for: a run of this case; the answer is its processor seconds and what came of it. */
interface Ask {
  readonly name: string;
  readonly rows: number;
}

const specs = new Map<string, BacktestSpec>();
const answer = async ({ name, rows }: Ask): Promise<void> => {
  const spec = specs.get(name) ?? (CASES[name] as (typeof CASES)[string])(rows);
  specs.set(name, spec);
  globalThis.gc?.({ type: 'minor' });
  const before = process.cpuUsage();
  const begun = performance.now();
  const { fills, finalEquity, fingerprint } = await backtest(spec);
  const { user, system } = process.cpuUsage(before);
  const wall = (performance.now() - begun) / 1000;
  process.send?.({ cpu: (user + system) / 1e6, wall, fills: fills.length, finalEquity, fingerprint });
};

process.on('message', (ask: Ask) => void answer(ask));
process.send?.({ cases: Object.keys(CASES) });
