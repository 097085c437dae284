import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/events/fact.js';
import { orderIdIn } from '../../../src/live/broker/client-id.js';
import type { PracticeWorld } from '../../../src/practice/processes/practice-world.js';
import { needs, playWire, type WireScript } from './play-wire.js';

const BTC = 'BTC/USDT:USDT';
const ETH = 'ETH/USDT:USDT';

/** Orders at the exchange, from a number of them on, whose tickets say that they may open something. Where another strategy holds the symbol a reducing order carries no flag of the venue's. */
const openingOrders = ({ exchange, account }: PracticeWorld, facts: readonly Fact[], from: number): readonly string[] =>
  exchange
    .allOrders(account)
    .slice(from)
    .map(({ clientId }) => orderIdIn(clientId))
    .filter(id => facts.some(fact => fact.type === 'OrderApproved' && fact.ticket.orderId === id && !fact.ticket.reduceOnly))
    .map(String);

const isMoved = (fact: Fact): boolean => fact.type === 'CashMoved' && fact.kind !== 'opening' && fact.income !== '';

/** Cash that moved for fees by themselves. */
const corrections = (facts: readonly Fact[]): readonly number[] =>
  facts.flatMap(fact => (fact.type === 'CashMoved' && (fact.kind === 'fee' || fact.kind === 'rebate') ? [fact.amount / 1e8] : []));

const scripts: readonly WireScript[] = [
  {
    row: 11,
    name: 'orders that fill in parts, expire and are amended keep an exact remainder',
    bites: [],
    world: { participation: 0.0005 },
    play: async ({ world, facts, until }) => {
      const { exchange, account } = world;
      await until(() => facts.filter(({ type }) => type === 'OrderFilled').length > 10);
      const open = exchange.openOrders(account, null, false).find(({ filled, quantity }) => filled > 0 && filled < quantity);
      if (open !== undefined) exchange.expire(account, { ...open, clientId: open.clientId, venueId: null });
      await until(() => facts.filter(({ type }) => type === 'OrderFilled').length > 16);
    },
    check: facts => {
      const times = new Map<string, number>();
      for (const fact of facts) if (fact.type === 'OrderFilled') times.set(fact.orderId, (times.get(fact.orderId) ?? 0) + 1);
      return [...times.values()].some(n => n > 1) ? [] : ['never happened: an order that filled in parts'];
    },
  },
  {
    row: 14,
    name: 'while a clock of the venue is a minute off nothing new is opened, and afterwards it is again',
    venues: ['binance'],
    bites: ['clock'],
    play: async ({ world, fault, wait, until, facts }) => {
      const { exchange, account } = world;
      const clockIs = (state: 'live' | 'down', from: number): boolean =>
        facts
          .slice(from)
          .some(fact => fact.type === 'ConnectionChanged' && fact.channel === 'clock' && (fact.state === 'live') === (state === 'live'));
      const refused = (): number => facts.filter(fact => fact.type === 'OrderRejected' && fact.code === 'clock').length;
      await until(() => facts.some(({ type }) => type === 'OrderFilled'));
      const [before, had] = [facts.length, refused()];
      fault({ kind: 'clock', ms: -60_000, forMs: 5_000 });
      await until(() => clockIs('down', before));
      // What had left by then arrives.
      await wait(400);
      const known = exchange.allOrders(account).length;
      await wait(2_000);
      expect(openingOrders(world, facts, known), 'orders that open something while the clock is off').toEqual([]);
      expect(refused(), 'orders that were refused for the clock').toBeGreaterThan(had);
      const off = facts.length;
      await until(() => clockIs('live', off));
      const since = exchange.allOrders(account).length;
      await until(() => openingOrders(world, facts, since).length > 0);
      expect(openingOrders(world, facts, since).length, 'orders after it is right again').toBeGreaterThan(0);
      fault({ kind: 'clock', ms: 900, drift: 50, forMs: 1_000 });
      await wait(1_200);
    },
  },
  {
    row: 15,
    name: 'trades by hand, deleveraging and transfers are known for what they are',
    venues: ['binance'],
    bites: [],
    play: async ({ world, until, facts, wait }) => {
      const { exchange, account } = world;
      await until(() => exchange.positions(account).some(({ quantity }) => Math.abs(quantity) > 2));
      exchange.manualTrade(account, BTC, 'buy', 3);
      exchange.transfer(account, 500, 'deposit');
      const held = exchange.positions(account).find(({ quantity }) => Math.abs(quantity) > 2);
      if (held !== undefined) exchange.deleverage(account, held.symbol, 1);
      exchange.transfer(account, -200, 'withdrawal');
      await until(() => facts.some(({ type }) => type === 'ExternalFilled'));
      await until(() => facts.filter(isMoved).length > 1);
      await wait(300);
    },
    check: facts => [
      ...needs(facts, 'an external fill', ({ type }) => type === 'ExternalFilled'),
      ...needs(facts, 'cash that moved', isMoved),
    ],
  },
  {
    row: 18,
    name: 'funding that is late and then corrected is booked to the unit',
    bites: [],
    world: { history: 160, paused: true, speed: 200 },
    play: async ({ world, until, facts, wait }) => {
      const { exchange } = world;
      const at = Math.ceil(exchange.now / 3_600_000) * 3_600_000;
      for (const symbol of [BTC, ETH]) exchange.disturbFunding(symbol, at, { delayMs: 60_000, correctedRate: 0.0007 });
      await until(() => facts.some(({ type }) => type === 'FundingSettled'));
      await wait(2_000);
    },
    check: facts => needs(facts, 'a settlement', ({ type }) => type === 'FundingSettled'),
  },
  {
    row: 18,
    name: 'fees that are corrected after their trades were closed are booked to the unit, each once',
    bites: [],
    play: async ({ world, until, facts, wait }) => {
      const { exchange, account } = world;
      await until(() => facts.some(({ type }) => type === 'OrderFilled'));
      await wait(500);
      exchange.correctFee(account, BTC, 1.25);
      exchange.correctFee(account, ETH, -0.75);
      await until(() => corrections(facts).length > 1);
      exchange.correctFee(account, BTC, -2.5);
      await until(() => corrections(facts).length > 2);
    },
    check: facts =>
      corrections(facts)
        .toSorted((a, b) => a - b)
        .join(' ') === '-2.5 -0.75 1.25'
        ? []
        : [`booked: ${corrections(facts).join(' ')}`],
  },
  {
    row: 19,
    name: 'steps, trading and leverage that change outside are followed',
    venues: ['binance'],
    bites: [],
    play: async ({ world, until, facts, wait }) => {
      const { exchange, account } = world;
      await until(() => facts.some(({ type }) => type === 'OrderFilled'));
      exchange.setSteps(BTC, 0.05, 0.01);
      exchange.setTrading(ETH, false);
      await wait(1_500);
      exchange.setTrading(ETH, true);
      exchange.setLeverage(account, BTC, 7);
      await wait(2_500);
    },
  },
  {
    row: 20,
    name: 'the kill switch takes everything back while the venue is slow, and nothing is sent after it',
    venues: ['binance'],
    bites: ['delay'],
    play: async ({ world, session, until, wait, fault, facts }) => {
      const { exchange, account } = world;
      await until(() => exchange.openOrders(account, null, false).length > 0);
      fault({ kind: 'delay', ms: 300, forMs: 60_000 });
      await wait(200);
      await session.running.halt({ all: false, flatten: false });
      await wait(1_000);
      const working = exchange.openOrders(account, null, false).map(({ clientId }) => orderIdIn(clientId));
      expect(openingOrders(world, facts, 0).filter(id => working.includes(id))).toEqual([]);
      const known = exchange.allOrders(account).length;
      await wait(1_500);
      expect(openingOrders(world, facts, known)).toEqual([]);
    },
    check: facts => needs(facts, 'a halt', fact => fact.type === 'RiskStateChanged' && fact.state === 'HALTED'),
  },
  {
    row: 20,
    name: 'the venue takes plain orders back when the session has fallen silent',
    venues: ['binance'],
    bites: ['refuse'],
    session: { broker: { deadManMs: 1_500 } },
    play: async ({ world, until, fault, wait }) => {
      const { exchange, account } = world;
      await until(() => exchange.openOrders(account, null, false).length > 0);
      fault({ kind: 'refuse', forMs: 60_000 });
      fault({ kind: 'black-hole', forMs: 60_000 });
      await wait(4_000);
      expect(exchange.openOrders(account, null, false)).toEqual([]);
    },
  },
];

describe.concurrent('accounts over the wire', () => {
  for (const script of scripts)
    for (const venue of script.venues ?? (['binance', 'bybit'] as const))
      it(`row ${script.row} on ${venue}: ${script.name}`, () => playWire(script, venue), 60_000);
});
