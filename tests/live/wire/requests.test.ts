import { describe, it } from 'vitest';
import { needs, ORDERS, playWire, type WireScript } from './play-wire.js';

const scripts: readonly WireScript[] = [
  {
    row: 1,
    name: 'an answer that is lost leaves an order unknown until the venue has said what became of it',
    bites: ['drop-answer', 'drop-request', 'answer'],
    play: async ({ world, fault, met }) => {
      const path = world.venue === 'bybit' ? ORDERS.bybit : ORDERS.binance;
      fault({ kind: 'drop-answer', method: 'POST', path, count: 2 });
      await met('drop-answer', 2);
      fault({ kind: 'drop-request', method: 'POST', path, count: 1 });
      await met('drop-request');
      fault({ kind: 'answer', method: 'POST', path, status: 503, processed: true, count: 1 });
      await met('answer');
    },
    check: facts => needs(facts, 'an unknown order', ({ type }) => type === 'OrderUnknown'),
    convergeMs: 20_000,
  },
  {
    row: 6,
    name: 'requests that all fail close no order and read nothing as flat',
    bites: ['answer'],
    play: async ({ fault, wait }) => {
      await wait(1_500);
      fault({ kind: 'answer', status: 503, forMs: 1_500 });
      await wait(1_500);
      fault({ kind: 'answer', status: 200, body: '<html>maintenance</html>', forMs: 1_500 });
      await wait(2_000);
    },
    check: facts =>
      needs(
        facts,
        'a degraded connection',
        fact => fact.type === 'ConnectionChanged' && fact.channel === 'requests' && fact.state !== 'live',
      ),
  },
  {
    row: 7,
    name: 'a cancel that races a fill waits for the fill',
    bites: ['delay', 'drop-answer'],
    play: async ({ world, fault, met }) => {
      const cancel = world.venue === 'bybit' ? { method: 'POST', path: '/v5/order/cancel' } : { method: 'DELETE', path: ORDERS.binance };
      fault({ kind: 'delay', ...cancel, ms: 700, rate: 0.7 });
      await met('delay', 3);
      fault({ kind: 'drop-answer', ...cancel, count: 1 });
      await met('drop-answer');
    },
  },
  {
    row: 13,
    name: 'nothing is asked while the venue bans',
    bites: ['answer'],
    play: async ({ world, fault, wait }) => {
      await wait(1_500);
      const isBybit = world.venue === 'bybit';
      // Bybit says it in the body, Binance by the status.
      const body = isBybit ? { status: 403, body: '{"retCode":10018,"retMsg":"Exceeded the IP Rate Limit."}' } : { status: 429 };
      fault({ kind: 'answer', headers: { 'retry-after': '2' }, ...body, count: 1 });
      await wait(4_000);
    },
  },
];

describe.concurrent('requests over the wire', () => {
  for (const script of scripts)
    for (const venue of script.venues ?? (['binance', 'bybit'] as const))
      it(`row ${script.row} on ${venue}: ${script.name}`, () => playWire(script, venue), 60_000);
});
