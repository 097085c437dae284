import { channel } from 'node:diagnostics_channel';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { sessionDashboard } from '../src/commands/session-dashboard.js';
import { sessionDoor } from '../src/commands/session-door.js';
import { sessionEquity } from '../src/commands/session-equity.js';
import { sessionRunner, type SessionStrategy } from '../src/commands/session-runner.js';
import type { Chunk } from '../src/events/market.js';
import type { OrderId } from '../src/events/order.js';
import type { Disk } from '../src/journal/disk.js';
import { nodeDisk } from '../src/journal/node-disk.js';
import { BrokerConfig } from '../src/live/broker/broker-config.js';
import { createBroker } from '../src/live/broker/create-broker.js';
import { ccxtTransport } from '../src/live/ccxt/ccxt-transport.js';
import { captureTo } from '../src/live/feed/capture.js';
import { liveFeed } from '../src/live/feed/live-feed.js';
import type { StrategyRunner } from '../src/live/runner/strategy-runner.js';
import { workerRunner } from '../src/live/runner/worker-runner.js';
import { LiveSession } from '../src/live/session/live-session.js';
import { sessionFeed } from '../src/live/session/session-feed.js';
import { DEFAULT_SESSION } from '../src/live/session/session-options.js';
import { socketLock } from '../src/live/session/socket-lock.js';
import { systemClock } from '../src/live/system-clock.js';
import type { VenueTransport } from '../src/live/venue-transport.js';
import { practiceLink } from '../src/practice/practice-link.js';
import { random } from '../src/random.js';
import { runConfig } from '../src/sim/run-defaults.js';
import { resolveStrategy } from '../src/strategies/load.js';
import { practiceProcess } from './fixtures/practice-process.js';
import { sseClients } from './fixtures/sse-clients.js';
import { measurement, type Benchmark, type Measurement } from './harness/benchmark.js';

/** Decides at every close, and at every so many trades. Orders stay within what a venue takes in a minute. */
const STRATEGIES = {
  bars: `import { defineStrategy, target } from 'quantai-trad';

export default defineStrategy({
  name: 'every-close',
  params: {},
  memory: () => ({ side: 1 }),
  decide: (bar, _, { memory }) => {
    memory.side = -memory.side;
    return target(bar.symbol, 0.05 * memory.side, { reason: 'turn' });
  },
});
`,
  trades: `import { bars, defineStrategy, target, trades } from 'quantai-trad';
import { filter, map } from 'rxjs';

export default defineStrategy({
  name: 'every-trade',
  params: {},
  needs: ({ universe, timeframe }) => [bars(universe, timeframe), trades(universe, timeframe)],
  run: ({ trades$ }) =>
    trades$.pipe(
      filter((_, i) => i % 4 === 0),
      map(({ symbol }, i) => target(symbol, i % 2 === 0 ? 0.05 : -0.05, { reason: 'turn' })),
    ),
});
`,
} as const;

export interface Case {
  readonly on: keyof typeof STRATEGIES;
  readonly runner: 'thread' | 'worker';
  readonly dist: string;
  readonly workspace: string;
  readonly symbol: string;
  readonly orders: number;
  /** With a door, a capture and an equity record, as `quantai live` has them; and with a dashboard beside it that ten browsers look at. */
  readonly beside?: 'door' | 'browsers';
}

/** When one order passed each place; monotonic ms. NaN before. */
interface Passage {
  raw: number;
  event: number;
  slab: number;
  output: number;
  durable: number;
  submit: number;
  request: number;
  sent: number;
  written: number;
}

/** Milliseconds of one order by part. */
interface Split {
  readonly parse: number;
  readonly feed: number;
  readonly engine: number;
  readonly append: number;
  readonly fence: number;
  readonly broker: number;
  readonly send: number;
  /** The call that writes it: on one machine the kernel may let the venue's process, which it wakes, go first. */
  readonly write: number;
}

/** What came of one case. */
export interface Outcome {
  readonly splits: readonly Split[];
  readonly syncs: readonly number[];
  readonly processorMs: number;
  /** That browsers got. */
  readonly events: number;
}

const PARTS = ['parse', 'feed', 'engine', 'append', 'fence', 'broker', 'send', 'write'] as const;

const splitOf = ({ raw, event, slab, output, durable, submit, request, sent, written }: Passage): Split => ({
  parse: event - raw,
  feed: slab - event,
  engine: output - slab,
  append: durable - output,
  fence: submit - durable,
  broker: request - submit,
  send: sent - request,
  write: written - sent,
});

/** A request as undici tells of it. */
interface Told {
  readonly request: { readonly method: string; readonly path: string };
}

/** A dashboard beside the session, and ten browsers that look at everything in it. */
const lookedAt = (workspace: string, account: string, clock: ReturnType<typeof systemClock>): Promise<{ close(): Promise<number> }> =>
  new Promise((resolve, reject) => {
    const dashboard = sessionDashboard({
      workspace,
      account,
      port: 0,
      by: userInfo().username,
      clock,
      env: process.env,
      onSaid: () => undefined,
      onStarted: (url, link) => {
        if (link === null) return reject(new Error('the dashboard gives no link'));
        sseClients(url, link, account).then(
          clients =>
            resolve({
              close: async () => {
                const events = await clients.close();
                await dashboard.close();
                return events;
              },
            }),
          reject,
        );
      },
      onLost: text => reject(new Error(text)),
    });
  });

/** Runs a session against the practice exchange and notes when each order passes where. */
export const measured = async ({ on, runner: kind, dist, workspace, symbol, orders, beside }: Case): Promise<Outcome> => {
  const place = JSON.parse(await readFile(join(workspace, 'practice.json'), 'utf8')) as { rest: string; ws: string; control: string };
  const clock = systemClock();
  const link = await practiceLink(place.control, line => clock.tell(line));
  const now = (): number => performance.now();

  const passages = new Map<OrderId, Passage>();
  const bySlab = new WeakMap<Chunk, Pick<Passage, 'raw' | 'event' | 'slab'>>();
  // Of the messages since the last slab: the first one that is in it.
  let raw = NaN;
  let event = NaN;
  const base: VenueTransport = ccxtTransport({
    venue: 'binanceusdm',
    key: 'bench-key',
    secret: 'bench-secret',
    urls: place,
    clock,
    onRaw: (name, text) => {
      const counts =
        on === 'bars' ? name === 'bars' && text.includes('"x":true') : name === 'trades' || name === 'quotes' || name === 'mark';
      if (counts && Number.isNaN(raw)) raw = now();
    },
  });
  const posted: OrderId[] = [];
  const transport: VenueTransport = {
    ...base,
    open: sink =>
      base.open(told => {
        if (told.event === 'market' && Number.isNaN(event) && !Number.isNaN(raw)) event = now();
        sink(told);
      }),
    submit: request => {
      const orderId = request.clientId.slice(3);
      const passage = passages.get(orderId);
      if (passage) passage.request = now();
      // Stops go to an address of their own.
      if (request.type === 'market') posted.push(orderId);
      return base.submit(request);
    },
  };
  const requests = new WeakMap<object, OrderId>();
  const isOrder = ({ request }: Told): boolean => request.method === 'POST' && request.path.startsWith('/fapi/v1/order');
  channel('undici:request:create').subscribe(message => {
    const told = message as Told;
    if (isOrder(told)) requests.set(told.request, posted.shift() ?? '');
  });
  const passing = (message: unknown): Passage | undefined => passages.get(requests.get((message as Told).request) ?? '');
  channel('undici:client:sendHeaders').subscribe(message => {
    const passage = passing(message);
    if (passage) passage.sent = now();
  });
  channel('undici:request:bodySent').subscribe(message => {
    const passage = passing(message);
    if (passage) passage.written = now();
  });

  await base.open(() => {});
  const found = (await base.markets()).find(({ instrument }) => instrument.symbol === symbol);
  if (!found) throw new Error(`the practice exchange has no ${symbol}`);
  const instruments = [found.instrument];
  const account = `bench-${process.pid}`;
  const folder = join(workspace, 'live', account);
  const file = join(workspace, `${on}.ts`);
  await writeFile(file, STRATEGIES[on]);
  const resolved = await resolveStrategy(file, { cacheDir: join(workspace, 'bundles') });
  const config = runConfig({ exchange: 'binance', symbols: [symbol], timeframe: '1m', from: 0, to: 1, capital: 100_000 });
  const setup: SessionStrategy = {
    mode: 'live',
    tag: 's',
    account: 'main',
    ref: resolved.ref,
    hash: resolved.hash,
    params: {},
    config,
    instruments,
    inputs: [],
    manifestHash: '0'.repeat(64),
  };
  const { name } = resolved.strategy;
  const entry = pathToFileURL(resolve(dist, 'commands/strategy-thread-entry.cjs'));
  const inner: StrategyRunner =
    kind === 'thread'
      ? await sessionRunner(setup)
      : workerRunner({ name, tag: 's', budget: config.capital, entry, setup, heapMb: 2048, symbols: [symbol] });
  const runner: StrategyRunner = {
    name,
    tag: 's',
    budget: config.capital,
    start: (start, done) => inner.start(start, done),
    stop: () => inner.stop(),
    deliver: (input, done) =>
      inner.deliver(input, output => {
        const chunk = input.input === 'market' ? input.chunks[0] : undefined;
        const began = chunk === undefined ? undefined : bySlab.get(chunk);
        if (began !== undefined)
          for (const asked of output.requests)
            if (asked.ask === 'submit')
              passages.set(asked.ticket.orderId, {
                ...began,
                output: now(),
                durable: NaN,
                submit: NaN,
                request: NaN,
                sent: NaN,
                written: NaN,
              });
        done(output);
      }),
  };
  const syncs: number[] = [];
  const alarms: string[] = [];
  const disk = nodeDisk();
  const timedDisk: Disk = {
    ...disk,
    append: async path => {
      const opened = await disk.append(path);
      return {
        ...opened,
        sync: async () => {
          const began = now();
          await opened.sync();
          syncs.push(now() - began);
        },
      };
    },
  };
  const subscriptions = [
    { kind: 'bars', symbol, timeframe: '1m' } as const,
    ...(['trades', 'quotes', 'mark', 'funding'] as const).map(each => ({ kind: each, symbol })),
  ];
  // It turns its position with each order: stops at the venue would follow each of them and use up the weight of requests.
  const broker = BrokerConfig.parse({ catastrophe: { enabled: false } });
  const capture =
    beside === undefined
      ? null
      : await captureTo({ disk, folder: join(folder, 'capture'), clock, venue: 'binanceusdm', synthetic: true, instruments });
  const equity = beside === undefined ? null : sessionEquity(folder);
  const scope = () => ({ account, venue: 'binanceusdm', mode: 'live', practice: true, now: clock.market() }) as const;
  if (beside !== undefined) {
    await writeFile(join(folder, 'session.json'), JSON.stringify(scope()));
    await writeFile(join(folder, 'instruments.json'), JSON.stringify(instruments));
  }
  let begun: LiveSession | null = null;
  const session: LiveSession = new LiveSession({
    mode: 'live',
    account,
    venue: 'binanceusdm',
    practice: true,
    manifest: '0'.repeat(64),
    folder,
    disk: timedDisk,
    clock,
    random: random('bench'),
    lock:
      beside === undefined
        ? { acquire: () => Promise.resolve(), release: () => Promise.resolve() }
        : socketLock(
            'binanceusdm',
            account,
            sessionDoor(() => begun, scope),
          ),
    ...(equity && {
      measure: { barMs: 60_000, timeframe: '1m', symbols: [symbol], tiersOf: () => [], onMark: figures => equity.add(figures) },
    }),
    instruments,
    hedge: false,
    transport,
    strategies: [runner],
    feed: ports =>
      sessionFeed(
        10,
        clock,
        sink =>
          liveFeed({
            transport: ports.transport,
            clock: ports.clock,
            subscriptions,
            instruments,
            sink: { slab: sink },
            say: ports.say,
            ...(capture && { capture }),
          }),
        slab => {
          const chunk = slab.chunks[0];
          if (chunk !== undefined) bySlab.set(chunk, { raw, event, slab: now() });
          raw = event = NaN;
          ports.sink(slab);
        },
      ),
    broker: (ports, state) => {
      const made = createBroker(ports, broker, instruments, [{ name, tag: 's', budget: config.capital }], state);
      const { submit } = made;
      made.submit = (strategy, ticket) => {
        const passage = passages.get(ticket.orderId);
        if (passage) passage.submit = now();
        submit(strategy, ticket);
      };
      return made;
    },
    limits: { limits: config.risk, budgets: {}, barMs: 60_000, tiersOf: () => [] },
    config: DEFAULT_SESSION,
    onFact: fact => {
      if (fact.type === 'AlarmRaised') alarms.push(`${fact.code}: ${fact.text}`);
    },
  });
  const { streams } = session;
  const take = streams.take.bind(streams);
  const whenDurable = async (durable: Promise<void>, asked: readonly OrderId[]): Promise<void> => {
    await durable;
    for (const orderId of asked) {
      const passage = passages.get(orderId);
      if (passage) passage.durable = now();
    }
  };
  streams.take = facts => {
    const durable = take(facts);
    const asked = facts.flatMap(fact => (fact.type === 'OrderSubmitted' ? [fact.orderId] : []));
    // The session hears of a failure itself.
    if (asked.length > 0) void whenDurable(durable, asked).catch(() => undefined);
    return durable;
  };
  const complete = (): Passage[] =>
    [...passages.values()].filter(({ raw: from, written }) => !Number.isNaN(from) && !Number.isNaN(written));
  begun = session;
  await session.start();
  const looked = beside === 'browsers' ? await lookedAt(workspace, account, clock) : null;
  passages.clear();
  const spent = process.cpuUsage();
  const WARM = Math.ceil(orders / 4);
  const deadline = now() + 60_000 + orders * 500;
  while (complete().length < orders + WARM && now() < deadline && session.phase === 'trading' && session.risk === 'ACTIVE')
    await new Promise(done => setTimeout(done, 100));
  const { user, system } = process.cpuUsage(spent);
  const made = complete();
  if (made.length < orders + WARM)
    throw new Error(`${made.length} of ${orders + WARM} orders left; the session is ${session.phase}. ${alarms.join('; ')}`);
  const events = (await looked?.close()) ?? 0;
  await session.stop('bench', 'the benchmark ends');
  await capture?.close();
  await equity?.close();
  link.close();
  return { splits: made.slice(WARM).map(splitOf), syncs, processorMs: (user + system) / 1e3 / made.length, events };
};

export const quantile = (values: readonly number[], q: number): number =>
  values.toSorted((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN;

const figuresOf = (title: string, { splits, syncs, processorMs }: Outcome): Measurement[] => {
  const without = (...left: readonly (typeof PARTS)[number][]): number[] =>
    splits.map(split => PARTS.reduce((sum, part) => sum + (left.includes(part) ? 0 : split[part]), 0));
  const handed = without('append', 'write');
  const written = without('append');
  const target = (atMost: number): { readonly targets: readonly [{ on: 'value'; atMost: number; text: string }] } => ({
    targets: [{ on: 'value', atMost, text: `under ${atMost} ms` }],
  });
  return [
    measurement(`${title}: order handed to the socket, p50`, quantile(handed, 0.5), 'ms', target(1)),
    measurement(`${title}: order handed to the socket, p99`, quantile(handed, 0.99), 'ms', target(5)),
    measurement(`  until the call that writes it returns, p50 (p99 ${quantile(written, 0.99).toFixed(2)})`, quantile(written, 0.5), 'ms'),
    ...PARTS.map(part => {
      const times = splits.map(split => split[part]);
      return measurement(`  ${part}, p50 (p99 ${quantile(times, 0.99).toFixed(2)})`, quantile(times, 0.5), 'ms');
    }),
    measurement(`  fdatasync alone, p50 (p99 ${quantile(syncs, 0.99).toFixed(2)})`, quantile(syncs, 0.5), 'ms'),
    measurement('  processor time an order, all that goes on beside it included', processorMs, 'ms'),
  ];
};

/**
 * How long an order takes from the message that causes it until its request is handed to the socket, whole and signed, without the durable append, which is stated beside it. Signed by unmodified ccxt, against a practice exchange in another
 * process. The write itself is stated beside it too: it wakes that process, and with fewer processors than work its time is the venue's and not ours.
 */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, dist, probe }) => {
    const results: Measurement[] = [];
    for (const on of ['bars', 'trades'] as const)
      for (const runner of ['thread', 'worker'] as const) {
        await mkdir(scratch, { recursive: true });
        const workspace = await mkdtemp(join(scratch, 'live-latency-'));
        const practice = await practiceProcess(dist, workspace, { speed: on === 'bars' ? 500 : 300 });
        try {
          const given: Case = { on, runner, dist, workspace, symbol: practice.symbol, orders: quick ? 40 : 200 };
          const outcome = (await probe(given)) as Outcome;
          results.push(
            ...figuresOf(`${on === 'bars' ? 'bar closed' : 'trade'}, ${runner === 'thread' ? 'in this thread' : 'in a worker'}`, outcome),
          );
        } finally {
          await practice.close();
          await rm(workspace, { recursive: true, force: true });
        }
      }
    return results;
  },
  probe: argument => measured(argument as Case),
};
