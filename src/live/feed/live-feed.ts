import { PHASE, type MarketKind } from '../../events/market.js';
import { usageError } from '../../errors.js';
import type { Instrument } from '../../market/instrument.js';
import { barStart } from '../../market/timeframe.js';
import { MINUTE } from '../../time.js';
import type { LiveClock } from '../live-clock.js';
import type { MarketMessage, Subscription, VenueTransport } from '../venue-transport.js';
import type { AccountWord } from '../word.js';
import { barSlices } from './bar-slices.js';
import type { Capture } from './capture.js';
import type { ClosedBars } from './closed-bars.js';
import { dataAge } from './data-age.js';
import { DEFAULT_FEED, type FeedConfig } from './feed-config.js';
import { feedCounters } from './feed-counters.js';
import { feedDoubts } from './feed-doubts.js';
import { clockSlack, type FeedParts } from './feed-parts.js';
import type { FeedSink, LiveFeed } from './feed-port.js';
import { feedTimers } from './feed-timers.js';
import { feedVoice } from './feed-voice.js';
import { FeedStopped, historyDesk } from './history-desk.js';
import { marketIntake } from './market-intake.js';
import { slabPump } from './slab-pump.js';
import { symbolLine, type SymbolLine } from './symbol-line.js';

/** What a live feed is made of. */
export interface LiveFeedSetup {
  readonly transport: Pick<VenueTransport, 'subscribe' | 'resubscribe' | 'history'>;
  readonly clock: LiveClock;
  readonly subscriptions: readonly Subscription[];
  /** Tick and lot of each symbol whose book is kept. */
  readonly instruments?: readonly Instrument[];
  readonly config?: Partial<FeedConfig>;
  readonly sink: FeedSink;
  readonly say: (word: AccountWord) => void;
  /** Keeps everything that is received. */
  readonly capture?: Capture;
}

const CHANNEL: Readonly<Record<MarketMessage['kind'], Subscription['kind']>> = {
  bar: 'bars',
  trade: 'trades',
  quote: 'quotes',
  book: 'book',
  mark: 'mark',
  funding: 'funding',
  'funding-estimate': 'funding',
  'open-interest': 'open-interest',
};
/** How long the snapshot of a book may take on a connection that came up, wall. */
const SNAPSHOT_MS = 5_000;

const ascending = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/**
 * Live market data as a run is fed with it. What arrives is checked, put in order and given as slabs: ticks at once, bars when those of all symbols for their instant are there. Ticks that are later than a bar
 * which is not there yet wait for it. Everything runs on the clock that is given and on promises. Throws a usage error for subscriptions that cannot be.
 */
export const liveFeed = (setup: LiveFeedSetup): LiveFeed => {
  const { transport, clock, sink } = setup;
  const config: FeedConfig = {
    ...DEFAULT_FEED,
    ...setup.config,
    expectedMs: { ...DEFAULT_FEED.expectedMs, ...setup.config?.expectedMs },
  };
  const subscriptions = [...setup.subscriptions].sort((a, b) => PHASE[a.kind] - PHASE[b.kind] || ascending(a.symbol, b.symbol));
  for (const { kind, symbol, timeframe } of subscriptions)
    if ((kind === 'bars') !== (timeframe !== undefined))
      throw usageError('bad-subscription', `${kind} of ${symbol}: bars have a timeframe, other kinds have none.`);
  const counters = feedCounters();
  const timers = feedTimers(clock);
  const voice = feedVoice({ clock, config, counters, say: setup.say });
  const desk = historyDesk({ clock, timers, config, degraded: failure => voice.requests(failure) });
  const parts: FeedParts = { transport, clock, timers, config, counters, desk, voice, capture: setup.capture ?? null };
  let end: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
  });
  ended.catch(() => undefined);

  const lines = [...new Set(subscriptions.map(({ symbol }) => symbol))].sort().map(symbol =>
    symbolLine(
      symbol,
      subscriptions.filter(each => each.symbol === symbol),
      setup.instruments?.find(each => each.symbol === symbol),
      parts,
      { gave: () => pump.soon(), closed: () => pump.give() },
    ),
  );
  const bySymbol = new Map(lines.map(line => [line.symbol, line]));
  const barLines = lines.flatMap(({ bars }) => bars).sort((a, b) => ascending(a.symbol, b.symbol) || a.length - b.length);
  const slices = barSlices({
    lines: barLines,
    timers,
    patience: () => Math.max(config.slicePatienceMs / clock.speed, config.wallSlackMs),
    overdue: () => pump.give(),
  });
  const buffers = lines.flatMap(line => [...line.buffers]);
  const pump = slabPump({ slices, buffers, timers, counters, sink });
  const intake = marketIntake({ config, counters, sink, isBusy: () => pump.isBusy, gave: () => pump.soon() });
  const doubt = feedDoubts(parts);
  const age = dataAge({
    clock,
    timers,
    config,
    subscriptions,
    word: (...word) => voice.connection(...word),
    resubscribe: subscription => {
      counters.resubscribed++;
      transport.resubscribe(subscription);
    },
  });

  const market = (message: MarketMessage): void => {
    counters.received++;
    setup.capture?.message(message);
    const line = bySymbol.get(message.symbol);
    if (line === undefined) return;
    const channel = CHANNEL[message.kind];
    const code = config.defences.refuseHostile ? doubt(message, line.guard) : null;
    if (code !== null) {
      setup.capture?.doubted(code);
      if (message.kind === 'quote') intake.forgetQuote(line.symbol);
      voice.quarantine(channel, line.symbol, code, `Not believed (${code}): ${JSON.stringify(message)}.`);
      return;
    }
    age.heard(channel, line.symbol, message.ts);
    intake.accept(message, line);
  };

  const streamChanged = (line: SymbolLine, channel: string, up: boolean): void => {
    if (channel === 'quotes' && !up) intake.forgetQuote(line.symbol);
    if (channel === 'book') {
      if (!up) line.book?.distrust();
      // A snapshot follows on a new connection, or the transport says that it could not get one.
      line.mendBook(up ? SNAPSHOT_MS : config.resubscribeMs);
    }
    if (!up) return;
    if (channel === 'bars') for (const bars of line.bars) bars.check();
    if (channel === 'trades') void line.tape?.backfill().then(() => pump.soon());
    if (channel === 'funding') void line.funding?.poll();
  };

  const begin = async (firstOpen: (line: ClosedBars) => number): Promise<void> => {
    pump.hold(true);
    for (const line of barLines) line.beginAt(firstOpen(line));
    await Promise.race([Promise.all(barLines.map(line => line.caughtUp())), ended]);
    pump.hold(false);
    pump.give();
  };

  const learnInterval = async (line: SymbolLine): Promise<void> => {
    try {
      const interval = await desk.ask(() => transport.history.fundingInterval(line.symbol));
      if (interval > 0) line.interval = interval;
    } catch (error) {
      if (!(error instanceof FeedStopped))
        voice.quarantine('funding', line.symbol, 'history-refused', `No funding interval: ${String(error)}.`);
    }
  };

  const isFresh = (kind: MarketKind, ts: number): boolean =>
    clock.market() - ts <= config.staleIntervals * (config.expectedMs[kind] ?? MINUTE) + clockSlack(parts);

  return {
    receive: event => {
      if (timers.stopped) return;
      if (event.event === 'market') market(event.message);
      else if (event.event === 'quarantined') voice.quarantine(event.channel, event.symbol, event.code, event.text);
      else if (event.event === 'stream') {
        age.stream(event.channel, event.symbol, event.up, event.code);
        for (const line of lines) if (event.symbol === '' || event.symbol === line.symbol) streamChanged(line, event.channel, event.up);
      }
    },
    start: () => {
      transport.subscribe(subscriptions);
      age.start();
      for (const line of lines) {
        if (line.funding !== null) void learnInterval(line);
        line.funding?.start();
        line.interest?.start();
      }
      if (barLines.length === 0) pump.hold(false);
    },
    warm: bars => begin(line => barStart(clock.market(), line.length) - Math.max(0, bars) * line.length),
    resume: openTime =>
      begin(line => barStart(typeof openTime === 'number' ? openTime : (openTime.get(line.symbol) ?? clock.market()), line.length)),
    tradable: symbol => {
      const line = bySymbol.get(symbol);
      if (line === undefined) return false;
      if (!config.defences.ageGuard) return true;
      if (!age.isLive(symbol)) return false;
      const now = clock.market();
      // A bar that should be there and is not: what the strategy decides on is old.
      const patience = Math.max(config.graceMs, clockSlack(parts)) + config.slicePatienceMs + clockSlack(parts);
      return line.bars.every(bars => now <= bars.next + bars.length + patience && !slices.isBehind(bars));
    },
    lastPrice: symbol => bySymbol.get(symbol)?.guard.last ?? NaN,
    quote: symbol => {
      const quote = intake.quote(symbol);
      return quote !== null && isFresh('quotes', quote.ts) ? quote : null;
    },
    book: symbol => (age.isLive(symbol) ? (bySymbol.get(symbol)?.book?.view ?? null) : null),
    fundingEstimate: symbol => intake.estimate(symbol),
    nextBar: (symbol, timeframe) => bySymbol.get(symbol)?.bars.find(each => each.timeframe === timeframe)?.next ?? NaN,
    counters,
    stop: () => {
      timers.stop();
      desk.stop();
      end(new FeedStopped('the feed is closed'));
    },
  };
};
