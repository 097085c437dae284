import type { LiveClock } from '../../live/live-clock.js';
import {
  VenueFailure,
  type MarketMessage,
  type Subscription,
  type TransportEvent,
  type VenueOrderRequest,
  type VenueTransport,
} from '../../live/venue-transport.js';
import type { Random } from '../../random.js';
import { inFeeAsset } from './fee-asset.js';
import type { Life } from './life.js';
import type { Lines } from './lines.js';
import { marketStreams } from './market-streams.js';
import type { MarketTime } from './market-time.js';
import { privateStream } from './private-stream.js';
import type { PracticeExchange } from '../practice-exchange.js';
import type { ReceivingDesk } from './receiving-desk.js';
import type { Tally } from './tally.js';
import type { VirtualTime } from './virtual-time.js';
import type { Weather } from './weather.js';
import { wire } from './wire.js';

export interface SimulatedTransportOptions {
  readonly exchange: PracticeExchange;
  readonly desk: ReceivingDesk;
  readonly account: string;
  readonly time: VirtualTime;
  readonly market: MarketTime;
  readonly life: Life;
  readonly clock: LiveClock;
  readonly random: Random;
  readonly weather: Weather;
  readonly lines: Lines;
  readonly tally: Tally;
  /** Wall ms after which a request counts as unanswered. */
  readonly timeoutMs: number;
  readonly receiveWindowMs: number;
  readonly violate: (text: string) => void;
  /** An order that left the process at this true time has arrived and is about to be looked at. */
  readonly onReceipt: (request: VenueOrderRequest, sentAt: number) => void;
  /** A private request is sent; `isFirst`: it is the first one after a ban. */
  readonly onRequest: (name: string, isFirst: boolean) => void;
}

const HOUR_MS = 3_600_000;

const isConditional = ({ type }: VenueOrderRequest): boolean => type !== 'market' && type !== 'limit';

/** Messages that a subscription brings. */
const MESSAGES: Readonly<Record<Subscription['kind'], readonly MarketMessage['kind'][]>> = {
  bars: ['bar'],
  trades: ['trade'],
  quotes: ['quote'],
  book: ['book'],
  mark: ['mark'],
  funding: ['funding', 'funding-estimate'],
  'open-interest': ['open-interest'],
};

/**
 * The account at the practice exchange, through a network that does what the weather says. As a ccxt transport it retries nothing and concludes nothing; every fault is drawn from the seed and counted when it bites.
 */
export const simulatedTransport = (options: SimulatedTransportOptions): VenueTransport => {
  const { exchange, desk, account, time, market, life, clock, random, weather, tally, receiveWindowMs } = options;
  const { request, latency, adjust } = wire(options);
  let sink: (event: TransportEvent) => void = () => undefined;
  const streamOptions = {
    account,
    time,
    life,
    random: random.fork('streams'),
    weather,
    tally,
    latency,
    sink: (e: TransportEvent) => sink(e),
  };
  const own = privateStream(streamOptions);
  const streams = marketStreams({ ...streamOptions, snapshot: symbol => desk.ask(x => x.depth(symbol, 10)) });
  const stops: (() => void)[] = [];
  const kinds = new Set<MarketMessage['kind']>();
  let deaf: () => void = () => undefined;
  /** The exchange makes no market data that nobody wants. */
  const hear = (): void => {
    deaf();
    deaf = exchange.listen(
      event => {
        if (!life.alive) return;
        if (event.event === 'market') streams.hear(event.message);
        else own.hear(event);
      },
      [...kinds],
    );
  };
  const read = <T>(name: string, act: (exchange: PracticeExchange) => T): Promise<T> => request(name, false, () => desk.ask(act));
  const write = <T>(name: string, act: (exchange: PracticeExchange) => T): Promise<T> => request(name, true, () => desk.ask(act));
  const unsupported = (): Promise<never> =>
    Promise.reject(new VenueFailure('refused', 'unsupported', 'the practice exchange has no such data'));

  return {
    venue: 'practice',
    receiveWindowMs,
    open: async given => {
      sink = given;
      hear();
      stops.push(options.lines.open({ cutPrivate: (code, seen) => own.cut(code, seen), cutMarket: code => streams.cut(code) }));
      adjust((await request('time', false, () => time.now + weather.venueSkewMs)) - clock.wall());
    },
    close: () => {
      deaf();
      for (const stop of stops.splice(0)) stop();
      sink = () => undefined;
      return Promise.resolve();
    },
    markets: () => read('markets', x => x.markets()),
    serverTime: async () => {
      const before = clock.wall();
      const venue = await request('time', false, () => time.now + weather.venueSkewMs);
      // Half of the way there and back.
      adjust(Math.round(venue - (before + clock.wall()) / 2));
      return venue;
    },
    permissions: () => request('permissions', false, () => ({ trade: true, withdraw: false, ipRestricted: true })),

    submit: order => {
      const sentAt = time.now;
      return request('submit', true, () =>
        desk.ask(x => {
          options.onReceipt(order, sentAt);
          if (isConditional(order) && weather.refuseConditional > 0 && random.next() < weather.refuseConditional) {
            const code = weather.refusals[random.int(weather.refusals.length)] ?? 'would-trigger';
            tally.count('refused:conditional');
            tally.count(`refused:${code}`);
            throw new VenueFailure('refused', code, `the venue refuses the order: ${code}`);
          }
          return x.place(account, order);
        }),
      );
    },
    cancel: ref => write('cancel', x => x.cancel(account, ref)),
    amend: (ref, change) => write('amend', x => x.amend(account, ref, change)),
    cancelAll: (symbol, conditional) => write('cancel-all', x => x.cancelAll(account, symbol, conditional)),
    cancelAllAfter: (symbol, ms) =>
      write('dead-man', x => {
        x.cancelAllAt(account, symbol, ms === 0 ? Infinity : x.now + ms * market.speed);
        return true;
      }),

    order: ref => read('order', x => x.order(account, ref)),
    openOrders: symbol => read('open-orders', x => [...x.openOrders(account, symbol, false), ...x.openOrders(account, symbol, true)]),
    executions: (symbol, since) =>
      read('executions', x =>
        x.executions(account, symbol, Math.max(since, weather.executionsFrom), x.now).map(each => inFeeAsset(each, weather)),
      ),
    positions: () => read('positions', x => x.positions(account)),
    balances: () => read('balances', x => x.balances(account)),
    income: since =>
      read('income', x => {
        const entries = x.income(account, since, x.now);
        if (!weather.incomeTwice) return entries;
        tally.count('income:twice', entries.length);
        return entries.flatMap(each => [each, each]);
      }),
    setLeverage: (symbol, leverage) => write('leverage', x => x.setLeverage(account, symbol, leverage)),
    setMarginMode: (symbol, mode) => write('margin-mode', x => x.setMarginMode(account, symbol, mode)),
    positionMode: () => read('position-mode', x => x.hedge(account)),
    setPositionMode: hedge => write('position-mode', x => x.setHedge(account, hedge)),

    subscribe: subscriptions => {
      for (const { kind } of subscriptions) for (const message of MESSAGES[kind]) kinds.add(message);
      streams.subscribe(subscriptions);
      hear();
    },
    resubscribe: subscription => streams.resubscribe(subscription),
    listen: () => own.connect(),
    history: {
      bars: (symbol, timeframe, from, to, limit) => read('bars', x => x.bars(symbol, timeframe, from, to, limit, false)),
      funding: (symbol, from, to, limit) =>
        read('funding', x => x.funding(symbol, from, to, limit).map(([ts, rate]): readonly [number, number] => [ts, rate])),
      openInterest: unsupported,
      referenceBars: unsupported,
      trades: (symbol, from, limit) =>
        read('trades', x =>
          x
            .trades(symbol, from, limit)
            .map(({ ts, price, quantity, side, id }): readonly [number, number, number, number, string] => [ts, price, quantity, side, id]),
        ),
      fundingInterval: () => request('funding-interval', false, () => 8 * HOUR_MS),
    },
  };
};
