import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { filter, map } from 'rxjs';
import { readJournal } from '../src/journal/ndjson/read-journal.js';
import { nodeDisk } from '../src/journal/node-disk.js';
import { BrokerConfig } from '../src/live/broker/broker-config.js';
import { createBroker } from '../src/live/broker/create-broker.js';
import { liveFeed } from '../src/live/feed/live-feed.js';
import type { LiveFeed } from '../src/live/feed/feed-port.js';
import { engineRunner } from '../src/live/runner/engine-runner.js';
import { LiveVenue } from '../src/live/runner/live-venue.js';
import { LiveSession } from '../src/live/session/live-session.js';
import { journalFolder } from '../src/live/session/recovery.js';
import { sessionFeed } from '../src/live/session/session-feed.js';
import { DEFAULT_SESSION } from '../src/live/session/session-options.js';
import { systemClock } from '../src/live/system-clock.js';
import type { Subscription } from '../src/live/venue-transport.js';
import type { Instrument } from '../src/market/instrument.js';
import { random } from '../src/random.js';
import { exchangeRules } from '../src/sim/exchange-rules.js';
import { runConfig } from '../src/sim/run-defaults.js';
import { target } from '../src/strategies/intent.js';
import { bars, books, defineStrategy, quotes, trades } from '../src/strategies/strategy.js';
import { loopVenue } from './fixtures/loop-venue.js';
import { measurement, type Benchmark } from './harness/benchmark.js';

const RATE = 50_000;
const BATCH_MS = 4;
const MINUTE = 60_000;
/** Heaps that are looked at; those of the first quarter are not counted: rings of ids that are remembered fill, and code is compiled. */
const SAMPLES = 40;
/** A target turns with every so many trades: some twenty orders a second. */
const TRADES_AN_ORDER = 1_000;

const INSTRUMENTS: readonly Instrument[] = ['BTC', 'ETH', 'SOL', 'XRP'].map(coin => ({
  symbol: `${coin}/USDT:USDT`,
  exchange: 'binance',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 125,
  maintenanceMarginRate: 0.004,
  source: 'bench',
}));
const SYMBOLS = INSTRUMENTS.map(({ symbol }) => symbol);

const turner = (tradesAnOrder: number | null) =>
  defineStrategy({
    name: 'turner',
    params: {},
    needs: ({ universe, timeframe }) => [
      bars(universe, timeframe),
      trades(universe, timeframe),
      quotes(universe, timeframe),
      books(universe, timeframe),
    ],
    run: ({ trades$ }) =>
      trades$.pipe(
        filter((_, i) => tradesAnOrder !== null && i % tradesAnOrder === tradesAnOrder - 1),
        map(({ symbol }, i) => target(symbol, (i >> 2) % 2 === 0 ? 0.05 : -0.05, { reason: 'turn' })),
      ),
  });

/** A made-up market of four symbols: eight trades, eight quotes and four book updates of four levels in twenty messages; bars and mark prices a few times a second. */
const messages = (venue: ReturnType<typeof loopVenue>, prices: Float64Array): ((count: number) => void) => {
  const draw = random('intake');
  const lastId = new Float64Array(SYMBOLS.length);
  const barAt = new Float64Array(SYMBOLS.length);
  let given = 0;
  let slowAt = 0;
  const tick = (x: number): number => Math.round(x * 10) / 10;
  const book = (k: number, ts: number, snapshot: boolean): void => {
    const previousId = lastId[k]!;
    lastId[k] = previousId + 1;
    const levels = snapshot ? 50 : 2;
    const side = (sign: number): [number, number][] =>
      Array.from({ length: levels }, (_, i) => [tick(20_000 + sign * (snapshot ? i + 1 : 1 + draw.int(50)) * 10), 1 + draw.int(9)]);
    venue.market({
      kind: 'book',
      symbol: SYMBOLS[k]!,
      snapshot,
      bids: side(-1),
      asks: side(1),
      firstId: snapshot ? NaN : previousId + 1,
      lastId: previousId + 1,
      previousId: snapshot ? NaN : previousId,
      ts,
    });
  };
  const slow = (ts: number): void => {
    for (let k = 0; k < SYMBOLS.length; k++) {
      const symbol = SYMBOLS[k]!;
      const price = prices[k]!;
      const openTime = Math.floor(ts / MINUTE) * MINUTE;
      const flat = { open: price, high: price, low: price, close: price, volume: 1 };
      if (barAt[k]! > 0 && barAt[k] !== openTime)
        venue.market({ kind: 'bar', symbol, timeframe: '1m', openTime: barAt[k]!, ...flat, closed: true, ts });
      barAt[k] = openTime;
      venue.market({ kind: 'bar', symbol, timeframe: '1m', openTime, ...flat, closed: false, ts });
      venue.market({ kind: 'mark', symbol, price, index: price, ts });
    }
  };
  return count => {
    const ts = Date.now();
    if (slowAt === 0) for (let k = 0; k < SYMBOLS.length; k++) book(k, ts, true);
    if (ts - slowAt >= 250) {
      slowAt = ts;
      slow(ts);
    }
    for (let n = 0; n < count; n++) {
      const k = given & 3;
      const symbol = SYMBOLS[k]!;
      const turn = (given >> 2) % 5;
      given++;
      const price = (prices[k] = Math.max(10_000, tick(prices[k]! + (draw.int(3) - 1) * 0.1)));
      if (turn === 4) book(k, ts, false);
      else if (turn % 2 === 0)
        venue.market({ kind: 'trade', symbol, id: String(given), price, quantity: 0.01, side: draw.int(2) === 0 ? 1 : -1, ts });
      else
        venue.market({ kind: 'quote', symbol, bid: tick(price - 0.1), bidSize: 1 + draw.int(9), ask: tick(price + 0.1), askSize: 2, ts });
    }
  };
};

const heapMb = (): number => {
  globalThis.gc?.();
  globalThis.gc?.();
  return process.memoryUsage().heapUsed / 1e6;
};

interface Load {
  readonly scratch: string;
  readonly seconds: number;
  /** A target turns with every so many trades; none does when null. */
  readonly tradesAnOrder: number | null;
}

interface Intake {
  readonly sent: number;
  readonly elapsed: number;
  readonly cpu: number;
  readonly executions: number;
  /** Executions that are not in the journal exactly once. */
  readonly wrong: number;
  readonly conflated: number;
  /** Heap after a collection: seconds since the beginning, MB. */
  readonly heaps: readonly (readonly [number, number])[];
  readonly delay: readonly [number, number];
}

/** A session under load, in a process that does nothing else. */
const intake = async ({ scratch, seconds, tradesAnOrder }: Load): Promise<Intake> => {
  const root = await mkdtemp(join(scratch, 'live-intake-'));
  const prices = Float64Array.from(SYMBOLS, () => 20_000);
  const venue = loopVenue(
    INSTRUMENTS,
    symbol => prices[SYMBOLS.indexOf(symbol)]!,
    symbol => {
      const price = prices[SYMBOLS.indexOf(symbol)]!;
      return [price, price, price, price, 1];
    },
  );
  const clock = systemClock();
  const config = runConfig({ exchange: 'binance', symbols: SYMBOLS, timeframe: '1m', from: 0, to: 1, capital: 500_000 });
  const broker = BrokerConfig.parse({ weightPerMinute: 100_000, catastrophe: { enabled: false } });
  const disk = nodeDisk(root);
  const subscriptions = SYMBOLS.flatMap((symbol): Subscription[] => [
    { kind: 'bars', symbol, timeframe: '1m' },
    ...(['trades', 'quotes', 'book', 'mark'] as const).map(kind => ({ kind, symbol })),
  ]);
  let feed: LiveFeed | null = null;
  const session = new LiveSession({
    mode: 'live',
    account: 'main',
    venue: 'loop',
    practice: true,
    manifest: '0'.repeat(64),
    folder: 'main',
    disk,
    clock,
    random: random('bench'),
    lock: { acquire: () => Promise.resolve(), release: () => Promise.resolve() },
    instruments: INSTRUMENTS,
    hedge: false,
    transport: venue.transport,
    strategies: [
      engineRunner({
        tag: 's',
        account: 'main',
        strategy: turner(tradesAnOrder),
        params: {},
        config,
        instruments: INSTRUMENTS,
        manifestHash: '0'.repeat(64),
        inputs: [],
        venueOf: run => ({ venue: new LiveVenue(), costs: exchangeRules(run, INSTRUMENTS, []), feedLatency: () => 0 }),
      }),
    ],
    feed: ports =>
      sessionFeed(
        5,
        clock,
        sink =>
          (feed = liveFeed({
            transport: ports.transport,
            clock: ports.clock,
            subscriptions,
            instruments: INSTRUMENTS,
            sink: { slab: sink },
            say: ports.say,
          })),
        ports.sink,
      ),
    broker: (ports, state) => createBroker(ports, broker, INSTRUMENTS, [{ name: 'turner', tag: 's', budget: config.capital }], state),
    limits: { limits: config.risk, budgets: {}, barMs: MINUTE, tiersOf: () => [] },
    config: DEFAULT_SESSION,
  });
  try {
    await session.start();
    const emit = messages(venue, prices);
    const delay = monitorEventLoopDelay({ resolution: 1 });
    let sent = 0;
    let paused = 0;
    let collecting = 0;
    const heaps: [number, number][] = [];
    const began = performance.now();
    delay.enable();
    const spent = process.cpuUsage();
    await new Promise<void>(done => {
      const step = (): void => {
        const elapsed = performance.now() - began - paused;
        if (elapsed >= seconds * 1e3) return done();
        if (elapsed >= ((heaps.length + 1) * seconds * 1e3) / SAMPLES) {
          const [at, before] = [performance.now(), process.cpuUsage()];
          delay.disable();
          heaps.push([elapsed / 1e3, heapMb()]);
          delay.enable();
          paused += performance.now() - at;
          const { user, system } = process.cpuUsage(before);
          collecting += user + system;
        }
        // Not more than is due, and never so much at once that the loop is blocked by it.
        const due = Math.min(Math.floor((elapsed * RATE) / 1e3) - sent, (RATE * 5 * BATCH_MS) / 1e3);
        if (due > 0) {
          emit(due);
          sent += due;
        }
        setTimeout(step, BATCH_MS);
      };
      step();
    });
    delay.disable();
    const { user, system } = process.cpuUsage(spent);
    const elapsed = (performance.now() - began - paused) / 1e3;
    // What is under way comes home.
    await new Promise(done => setTimeout(done, 500));
    await session.stop('bench', 'the benchmark ends');
    const booked = new Map<string, number>();
    for await (const fact of readJournal(disk, journalFolder('main')))
      if (fact.type === 'OrderFilled') booked.set(fact.execution ?? '', (booked.get(fact.execution ?? '') ?? 0) + 1);
    const wrong = venue.executions.filter(({ id }) => booked.get(id) !== 1).length;
    return {
      sent,
      elapsed,
      cpu: (user + system - collecting) / sent,
      executions: venue.executions.length,
      wrong,
      conflated: (feed as LiveFeed | null)?.counters.conflated ?? NaN,
      heaps,
      delay: [delay.percentile(50) / 1e6, delay.percentile(99) / 1e6],
    };
  } finally {
    await rm(root, { recursive: true, force: true });
  }
};

interface Trend {
  /** MB a minute. */
  readonly slope: number;
  /** Its standard error. */
  readonly error: number;
}

/** The straight line of least squares through the heaps after the warm-up. */
const trendOf = (heaps: Intake['heaps']): Trend => {
  const counted = heaps.slice(heaps.length >> 2);
  const n = counted.length;
  const mean = (of: (point: readonly [number, number]) => number): number => counted.reduce((sum, point) => sum + of(point), 0) / n;
  const [x, y] = [mean(([at]) => at), mean(([, mb]) => mb)];
  const spread = mean(([at]) => (at - x) * (at - x)) * n;
  const slope = (mean(([at, mb]) => (at - x) * (mb - y)) * n) / spread;
  const residual = mean(([at, mb]) => (mb - y - slope * (at - x)) * (mb - y - slope * (at - x))) * n;
  return { slope: slope * 60, error: Math.sqrt(residual / (n - 2) / spread) * 60 };
};

/** What a session takes in: market data at a rate that no strategy needs, with orders among it, and without. Nothing of an order may be lost, and nothing may pile up. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, probe }) => {
    const seconds = Number(process.env['BENCH_SECONDS'] ?? (quick ? 6 : 80));
    const under = async (tradesAnOrder: number | null): Promise<Intake> => (await probe({ scratch, seconds, tradesAnOrder })) as Intake;
    const alone = await under(null);
    const traded = await under(TRADES_AN_ORDER);
    const [without, growth] = [trendOf(alone.heaps), trendOf(traded.heaps)];
    const executionsAMinute = (traded.executions / traded.elapsed) * 60;
    const heapOf = ({ heaps }: Intake): number => heaps.at(-1)?.[1] ?? NaN;
    return [
      measurement('market messages into a session', traded.sent / traded.elapsed, 'messages/s', {
        targets: [{ on: 'value', atLeast: RATE * 0.999, text: '≥ 50,000 messages/s' }],
      }),
      measurement('  for', traded.elapsed, 's'),
      measurement('  processor time a message', traded.cpu, 'µs'),
      measurement('executions among them', traded.executions, ''),
      measurement('  lost or booked twice', traded.wrong, '', { targets: [{ on: 'value', atMost: 0, text: 'none' }] }),
      measurement('  messages conflated', traded.conflated, ''),
      measurement(`event loop delay, p50 ${traded.delay[0].toFixed(1)}; p99`, traded.delay[1], 'ms'),
      measurement('heap after collection, without orders, at the end', heapOf(alone), 'MB'),
      measurement(`  growth a minute ± ${without.error.toFixed(3)}`, without.slope, 'MB', {
        targets: [{ on: 'value', atMost: Math.max(0.1, 2 * without.error), text: 'flat' }],
      }),
      measurement('heap after collection, with orders, at the end', heapOf(traded), 'MB'),
      measurement(`  growth a minute ± ${growth.error.toFixed(3)}`, growth.slope, 'MB', {
        targets: [{ on: 'value', atMost: 2, text: 'under 2 MB a minute' }],
      }),
      measurement('  growth an execution', ((growth.slope - without.slope) / executionsAMinute) * 1e6, 'bytes'),
    ];
  },
  probe: argument => intake(argument as Load),
};
