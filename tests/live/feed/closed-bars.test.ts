import { describe, expect, it } from 'vitest';
import { random } from '../../../src/random.js';
import type { MarketMessage } from '../../../src/live/venue-transport.js';
import { barAt, barMessage, BTC, EPOCH, ETH, MINUTE, rig, trueHistory, unanswered, warmed, type Row } from './fake-venue.js';
import { virtualClock } from './virtual-clock.js';

const BARS = [{ kind: 'bars', symbol: BTC, timeframe: '1m' }] as const;
const truth = (from: number, count: number, symbol = BTC): Row[] =>
  Array.from({ length: count }, (_, i) => barAt(symbol, '1m', from + i * MINUTE, Infinity));
const upTo = (slab: { readonly to: number }): number => Math.floor(slab.to);

describe('bars of a live feed', () => {
  it('joins history to the stream: warm-up bars come in one slab that ends just past the last close', async () => {
    const r = rig(BARS);
    await warmed(r, 100);
    expect(r.slabs).toHaveLength(1);
    expect(upTo(r.slabs[0]!)).toBe(EPOCH);
    expect(r.given('bars')).toEqual(truth(EPOCH - 100 * MINUTE, 100));
    // A warm-up is no gap.
    expect(r.words).toEqual([]);
  });

  it('does not take the end of history for closed before it is sure: a venue that lags shows it still running', async () => {
    const clock = virtualClock(EPOCH + 100);
    const lag = 1_500;
    const tamper = (rows: readonly Row[]): readonly Row[] =>
      rows.filter(([open]) => open <= clock.market() - lag).map(([open]) => barAt(BTC, '1m', open, clock.market() - lag));
    const r = rig(BARS, { clock, history: trueHistory(clock, { tamper }) });
    await warmed(r, 5, 5_000);
    expect(r.given('bars')).toEqual(truth(EPOCH - 5 * MINUTE, 5));
    expect(r.words).toEqual([]);
  });

  it('follows the pages of a venue that gives fewer rows than it is asked for', async () => {
    const clock = virtualClock(EPOCH);
    const r = rig(BARS, { clock, history: trueHistory(clock, { most: 7 }), config: { pageRows: 30 } });
    await warmed(r, 200, 10_000);
    expect(r.given('bars')).toEqual(truth(EPOCH - 200 * MINUTE, 200));
  });

  it('gives a bar the moment the venue calls it closed, and once', async () => {
    const r = rig(BARS);
    await warmed(r, 1);
    await r.clock.run(MINUTE - 2_000 + 5);
    const bar = barAt(BTC, '1m', EPOCH, Infinity);
    const before = r.slabs.length;
    r.say(barMessage(BTC, bar, true, EPOCH + MINUTE));
    expect(r.slabs).toHaveLength(before + 1);
    r.say(barMessage(BTC, bar, true, EPOCH + MINUTE));
    await r.clock.run(5_000);
    expect(r.given('bars').slice(1)).toEqual([bar]);
    expect(r.feed.counters.duplicates).toBe(1);
    expect(r.words).toEqual([]);
  });

  it('says a second word about a closed bar and does not take it', async () => {
    const r = rig(BARS);
    await warmed(r, 1);
    await r.clock.run(MINUTE);
    const bar = barAt(BTC, '1m', EPOCH, Infinity);
    r.say(barMessage(BTC, bar, true, EPOCH + MINUTE));
    r.say(barMessage(BTC, [bar[0], bar[1], bar[2], bar[3], bar[4], 999], true, EPOCH + MINUTE));
    await r.clock.run(1_000);
    expect(r.given('bars').slice(1)).toEqual([bar]);
    expect(r.codes('DataQuarantined')).toEqual(['revised-bar']);
  });

  it('asks for a bar whose close has passed by the grace when the stream stays silent, never for the running one', async () => {
    const r = rig(BARS);
    await warmed(r, 1);
    await r.clock.run(MINUTE + 2_000);
    expect(r.given('bars').slice(1)).toEqual(truth(EPOCH, 1));
    expect(r.words.filter(({ type }) => type === 'GapFound')).toEqual([
      {
        type: 'GapFound',
        ts: expect.any(Number),
        channel: 'bars',
        symbol: BTC,
        from: EPOCH,
        to: EPOCH + MINUTE,
        recovered: 1,
        code: 'back-filled',
      },
    ]);
  });

  it('confirms the bars of a venue that flags none when the next one begins, and does not call that a gap', async () => {
    const r = rig(BARS);
    await warmed(r, 1, 10_000);
    r.say(barMessage(BTC, barAt(BTC, '1m', EPOCH, EPOCH + 10_000), false, EPOCH + 10_000));
    await r.clock.run(MINUTE - 10_000 + 300);
    // The running word of the stream lacks the end of the bar: history has it whole.
    r.say(barMessage(BTC, barAt(BTC, '1m', EPOCH + MINUTE, EPOCH + MINUTE + 200), false, EPOCH + MINUTE + 200));
    await r.clock.run(100);
    expect(r.given('bars').slice(1)).toEqual(truth(EPOCH, 1));
    expect(r.words).toEqual([]);
  });

  it('fills a hole before it gives the bar behind it', async () => {
    const clock = virtualClock(EPOCH);
    let isOut = false;
    const out = rig(BARS, {
      clock,
      history: trueHistory(clock, {
        tamper: rows => {
          if (isOut) throw unanswered();
          return rows;
        },
      }),
    });
    await warmed(out, 1);
    // Two hours pass in silence, and history does not answer.
    isOut = true;
    await clock.run(120 * MINUTE);
    expect(out.given('bars')).toHaveLength(1);
    expect(out.feed.tradable(BTC)).toBe(false);
    isOut = false;
    const end = EPOCH + 120 * MINUTE;
    out.say(barMessage(BTC, barAt(BTC, '1m', end - MINUTE, Infinity), true, end));
    expect(out.given('bars')).toHaveLength(1);
    await clock.run(40_000);
    expect(out.given('bars')).toEqual(truth(EPOCH - MINUTE, 121));
    expect(out.codes('ConnectionChanged')).toContain('timeout');
    expect(out.codes('ConnectionChanged')).toContain('answered');
  });

  it('leaves a gap a gap when the venue has bars after it and none in it, and says so', async () => {
    const clock = virtualClock(EPOCH);
    const hole = EPOCH - 5 * MINUTE;
    const r = rig(BARS, { clock, history: trueHistory(clock, { tamper: rows => rows.filter(([open]) => open !== hole) }) });
    await warmed(r, 10, 30_000);
    expect(r.given('bars')).toEqual(truth(EPOCH - 10 * MINUTE, 10).filter(([open]) => open !== hole));
    expect(r.words).toContainEqual(
      expect.objectContaining({ type: 'GapFound', from: hole, to: hole + MINUTE, recovered: 0, code: 'no-such-bar' }),
    );
  });

  it('takes an empty answer for no answer: nothing is missing because a venue in trouble says nothing', async () => {
    const clock = virtualClock(EPOCH);
    let isEmpty = false;
    const r = rig(BARS, { clock, history: trueHistory(clock, { tamper: rows => (isEmpty ? [] : rows) }) });
    await warmed(r, 3);
    isEmpty = true;
    await clock.run(10 * MINUTE);
    expect(r.codes('GapFound')).toEqual([]);
    isEmpty = false;
    await clock.run(35_000);
    const closed = Math.floor((clock.market() - 2_000) / MINUTE) * MINUTE;
    expect(r.given('bars')).toEqual(truth(EPOCH - 3 * MINUTE, 3 + (closed - EPOCH) / MINUTE));
  });

  it('gives the bars of one instant together, and goes on without a symbol that stays away', async () => {
    const r = rig([...BARS, { kind: 'bars', symbol: ETH, timeframe: '1m' }]);
    await warmed(r, 2);
    await r.clock.run(MINUTE - 2_000);
    const before = r.slabs.length;
    r.say(barMessage(BTC, barAt(BTC, '1m', EPOCH, Infinity), true, EPOCH + MINUTE));
    expect(r.slabs).toHaveLength(before);
    r.say(barMessage(ETH, barAt(ETH, '1m', EPOCH, Infinity), true, EPOCH + MINUTE));
    expect(r.slabs).toHaveLength(before + 1);
    expect(r.slabs.at(-1)?.chunks.map(({ symbol }) => symbol)).toEqual([BTC, ETH]);
  });

  it('gives what comes too late for its instant apart, so that nothing is played in the past', async () => {
    const clock = virtualClock(EPOCH);
    let isAway = false;
    const history = trueHistory(clock, {
      tamper: (rows, symbol) => {
        if (isAway && symbol === ETH) throw unanswered();
        return rows;
      },
    });
    const r = rig([...BARS, { kind: 'bars', symbol: ETH, timeframe: '1m' }], { clock, history });
    await warmed(r, 2);
    isAway = true;
    await clock.run(3 * MINUTE + 13_000);
    // BTC went on, ETH is behind.
    expect(r.given('bars').length).toBeGreaterThanOrEqual(4);
    expect(r.given('bars', ETH)).toHaveLength(2);
    expect(r.feed.tradable(ETH)).toBe(false);
    isAway = false;
    await clock.run(60_000);
    const behind = r.slabs.flatMap(slab => slab.behind.flatMap(chunk => Array.from(chunk.ts.subarray(0, chunk.rows))));
    const lawful = r.given('bars', ETH).map(([open]) => open ?? NaN);
    expect([...lawful, ...behind].sort((a, b) => a - b)).toEqual(
      truth(EPOCH - 2 * MINUTE, lawful.length + behind.length, ETH).map(([open]) => open),
    );
    expect(behind.length).toBeGreaterThan(0);
    let played = -Infinity;
    for (const { chunks, to } of r.slabs) {
      for (const chunk of chunks) for (let i = 0; i < chunk.rows; i++) expect((chunk.ts[i] ?? NaN) + MINUTE).toBeGreaterThanOrEqual(played);
      played = to - 0.001;
    }
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'misses no bar and doubles none over 50 reconnects with drops, repeats, disorder and failing requests (seed %i)',
    async seed => {
      const chance = random(`reconnects/${seed}`);
      const speed = 1;
      const clock = virtualClock(EPOCH, speed);
      const history = trueHistory(clock, {
        latency: 150,
        most: 40,
        tamper: (rows, _, from) => {
          const draw = chance.next();
          if (draw < 0.15) throw unanswered();
          // A cache that is behind: the newest bars are not there yet.
          if (draw < 0.25) return rows.filter(([open]) => open < clock.market() - 90_000);
          return draw < 0.3 ? rows.filter(([open]) => open === from) : rows;
        },
      });
      const symbols = [BTC, ETH];
      const flags = seed % 3 !== 0;
      const r = rig(
        symbols.map(symbol => ({ kind: 'bars', symbol, timeframe: '1m' }) as const),
        { clock, history, config: { slicePatienceMs: 10 * MINUTE } },
      );
      r.feed.start();
      const warm = r.feed.warm(20);
      let isUp = true;
      let reconnects = 0;
      const deliver = (message: MarketMessage): void => {
        if (!isUp || chance.next() < 0.1) return;
        const times = chance.next() < 0.2 ? 2 : 1;
        for (let i = 0; i < times; i++) {
          const delay = chance.next() < 0.15 ? chance.int(90_000) : chance.int(300);
          clock.after(delay, () => r.feed.receive({ event: 'market', message }));
        }
      };
      const toggle = (): void => {
        isUp = !isUp;
        if (isUp) reconnects++;
        r.feed.receive({ event: 'stream', channel: 'bars', symbol: '', up: isUp, code: 'test' });
        clock.after(1_000 + chance.int(isUp ? 200_000 : 150_000), toggle);
      };
      clock.after(30_000, toggle);
      while (reconnects < 50) {
        const now = clock.market();
        for (const symbol of symbols) {
          const open = Math.floor(now / MINUTE) * MINUTE;
          if (now % MINUTE === 0 && flags) deliver(barMessage(symbol, barAt(symbol, '1m', open - MINUTE, Infinity), true, now));
          deliver(barMessage(symbol, barAt(symbol, '1m', open, now), false, now));
        }
        await clock.run(10_000);
      }
      await warm;
      await clock.run(5 * MINUTE);
      const end = Math.floor((clock.market() - 10_000) / MINUTE) * MINUTE;
      for (const symbol of symbols) {
        const given = r.given('bars', symbol).filter(([open]) => (open ?? NaN) < end);
        expect(given).toEqual(truth(EPOCH - 20 * MINUTE, 20 + (end - EPOCH) / MINUTE, symbol));
      }
      expect(r.slabs.every(({ to }, i) => to > (r.slabs[i - 1]?.to ?? -Infinity))).toBe(true);
      expect(r.slabs.flatMap(({ behind }) => behind)).toEqual([]);
      expect(r.codes('GapFound')).toContain('back-filled');
      expect(r.codes('GapFound')).not.toContain('no-such-bar');
    },
  );
});
