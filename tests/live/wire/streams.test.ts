import { describe, it } from 'vitest';
import { needs, playWire, type WireScript } from './play-wire.js';

const scripts: readonly WireScript[] = [
  {
    row: 3,
    name: 'fills while it was disconnected are found',
    bites: ['close-sockets', 'refuse'],
    play: async ({ fault, wait, until, world }) => {
      await until(() => world.exchange.openOrders(world.account, null, false).length > 0);
      fault({ kind: 'refuse', forMs: 1_500 });
      fault({ kind: 'close-sockets' });
      await wait(3_000);
    },
    check: facts =>
      needs(
        facts,
        'a private stream that is down',
        fact => fact.type === 'ConnectionChanged' && fact.channel === 'private' && fact.state === 'down',
      ),
  },
  {
    row: 4,
    name: 'a stream that omits account events is caught by the second source',
    bites: ['omit'],
    play: async ({ fault, met }) => {
      fault({ kind: 'omit', stream: 'user', rate: 0.6 });
      await met('omit', 12);
    },
    check: facts => needs(facts, 'a gap in the executions', fact => fact.type === 'GapFound' && fact.channel === 'private'),
  },
  {
    row: 5,
    name: 'events that come several times, late and in another order change nothing',
    bites: ['duplicate', 'delay-event', 'reorder'],
    play: async ({ fault, met }) => {
      fault({ kind: 'duplicate', stream: 'user', rate: 0.5, times: 3 });
      fault({ kind: 'delay-event', stream: 'user', rate: 0.3, ms: 600 });
      fault({ kind: 'reorder', stream: 'user', rate: 0.3, times: 2 });
      await met('duplicate', 5);
      await met('reorder', 2);
      await met('delay-event', 2);
    },
  },
  {
    row: 10,
    name: 'a private stream whose key has run out is begun anew',
    bites: ['expire-streams'],
    play: async ({ fault, wait, until, world }) => {
      await until(() => world.exchange.executions(world.account, null, 0, Infinity).length > 0);
      fault({ kind: 'expire-streams' });
      await wait(3_000);
    },
    check: facts =>
      needs(
        facts,
        'a private stream that came back',
        fact => fact.type === 'ConnectionChanged' && fact.channel === 'private' && fact.state === 'live',
      ),
  },
];

describe.concurrent('streams over the wire', () => {
  for (const script of scripts)
    for (const venue of script.venues ?? (['binance', 'bybit'] as const))
      it(`row ${script.row} on ${venue}: ${script.name}`, () => playWire(script, venue), 60_000);
});
