import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BookRows } from '../../src/market/book-rows.js';
import { BookFeed, type BookFeedOptions } from '../../src/market/book-sync.js';
import { units } from '../../src/market/units.js';

const SCALE = units({ tickSize: 0.5, lotSize: 0.001 });

type Level = readonly [side: 1 | -1, price: number, quantity: number];

interface Message {
  readonly ts: number;
  readonly snapshot?: boolean;
  readonly first?: number;
  readonly last?: number;
  readonly previous?: number;
  readonly levels: readonly Level[];
}

const rowsOf = (messages: readonly Message[]): BookRows => {
  const rows = messages.flatMap(({ ts, snapshot = false, first = NaN, last = NaN, previous = NaN, levels }) =>
    levels.map(([side, price, quantity]) => [ts, side, price, quantity, snapshot ? 1 : 0, first, last, previous]),
  );
  const column = (index: number): Float64Array => Float64Array.from(rows, row => row[index]!);
  return { rows: rows.length, ts: column(0), columns: [1, 2, 3, 4, 5, 6, 7].map(column) };
};

const play = (messages: readonly Message[], options?: BookFeedOptions): BookFeed => {
  const feed = new BookFeed(SCALE, options);
  const rows = rowsOf(messages);
  for (let row = 0; row < rows.rows;) row += feed.apply(rows, row);
  return feed;
};

const top = ({ book }: BookFeed): number[] => [book.bestBid, book.bestAsk].map(price => SCALE.price(price));

const SNAPSHOT: Message = {
  ts: 100,
  snapshot: true,
  last: 1000,
  levels: [
    [1, 99, 1],
    [1, 98.5, 2],
    [-1, 100, 1],
    [-1, 101, 3],
  ],
};

/** An update that follows on `previous` as Binance futures write it. */
const linked = (ts: number, previous: number, last: number, ...levels: Level[]): Message => ({
  ts,
  previous,
  first: previous + 3,
  last,
  levels,
});

describe('BookFeed', () => {
  it('applies what came before a late snapshot and is not in it, and skips what is', () => {
    const feed = play([
      linked(1, 880, 900, [1, 99, 7]),
      linked(2, 900, 990, [1, 98.5, 7]),
      { ts: 3, previous: 990, first: 995, last: 1010, levels: [[1, 99.5, 4]] },
      linked(4, 1010, 1020, [-1, 100, 0]),
      SNAPSHOT,
      linked(105, 1020, 1030, [-1, 100.5, 2]),
    ]);
    expect(feed.valid).toBe(true);
    expect(feed.fault).toBeNull();
    expect(feed.counts).toEqual({ applied: 3, skipped: 2, snapshots: 1, breaks: 0 });
    expect(top(feed)).toEqual([99.5, 100.5]);
    expect(SCALE.quantity(feed.book.lotsAt(1, SCALE.ticks(98.5)))).toBe(2);
  });

  it('needs the first update of spot to hold the id after the snapshot, and each one to start where the last ended', () => {
    const spot = (first: number, last: number): Message => ({ ts: last, first, last, levels: [[1, 98, last]] });
    expect(play([SNAPSHOT, spot(990, 1000), spot(1001, 1004), spot(1005, 1009)]).counts).toEqual({
      applied: 2,
      skipped: 1,
      snapshots: 1,
      breaks: 0,
    });
    expect(play([SNAPSHOT, spot(995, 1004), spot(1005, 1009)]).valid).toBe(true);
    expect(play([SNAPSHOT, spot(1002, 1004)]).fault?.code).toBe('gap');
    expect(play([SNAPSHOT, spot(1001, 1004), spot(1006, 1009)]).fault?.code).toBe('gap');
  });

  it('takes rising ids where there are no others, and begins anew with every snapshot of the stream', () => {
    const rising = (last: number): Message => ({ ts: last, last, levels: [[1, 98, 1]] });
    expect(play([SNAPSHOT, rising(1001), rising(1002)]).counts.applied).toBe(2);
    expect(play([SNAPSHOT, rising(1003), rising(1002)]).fault?.code).toBe('gap');
    // Bybit restarts with id 1.
    const restarted = play([SNAPSHOT, rising(1001), { ...SNAPSHOT, ts: 2000, last: 1 }, rising(2)]);
    expect([restarted.valid, restarted.lastId]).toEqual([true, 2]);
    // What came before such a snapshot is in it, whatever its id.
    expect(play([rising(5000), { ...SNAPSHOT, last: 1 }, rising(2)]).counts).toEqual({ applied: 1, skipped: 0, snapshots: 1, breaks: 0 });
  });

  it('is invalid and empty from a gap to the next snapshot, and mends with what came in between', () => {
    const broken = [
      SNAPSHOT,
      linked(101, 1000, 1010, [1, 99.5, 1]),
      linked(102, 1015, 1020, [1, 98, 1]),
      linked(103, 1020, 1030, [1, 97, 1]),
    ];
    const feed = play(broken);
    expect([feed.valid, feed.fault?.code, feed.fault?.ts, feed.counts.breaks]).toEqual([false, 'gap', 102, 1]);
    expect([feed.book.bestBid, feed.book.levels(1), feed.book.levels(-1)]).toEqual([NaN, 0, 0]);
    const mended = play([...broken, { ...SNAPSHOT, ts: 104, last: 1018 }, linked(105, 1030, 1040, [1, 96, 1])]);
    expect([mended.valid, mended.fault]).toEqual([true, null]);
    expect(mended.faults.map(({ code }) => code)).toEqual(['gap']);
    // 1018 lies in the update 1015–1020, so this and the next two are applied.
    expect([98, 97, 96].map(price => mended.book.lotsAt(1, SCALE.ticks(price)))).toEqual([1000, 1000, 1000]);
  });

  it('keeps a book that is past a late snapshot', () => {
    const feed = play([
      SNAPSHOT,
      linked(101, 1000, 1010, [1, 99.5, 1]),
      { ...SNAPSHOT, ts: 102, last: 1005 },
      linked(103, 1010, 1020, [1, 98, 1]),
    ]);
    expect([feed.valid, feed.counts.applied, top(feed)[0]]).toEqual([true, 2, 99.5]);
  });

  it('skips messages that are sent twice', () => {
    const update = linked(101, 1000, 1010, [1, 99.5, 1]);
    const feed = play([SNAPSHOT, update, { ...update, ts: 102, levels: [[1, 99.5, 9]] }, linked(103, 1010, 1020, [1, 98, 1])]);
    expect([feed.valid, feed.counts.skipped, feed.book.lotsAt(1, SCALE.ticks(99.5))]).toEqual([true, 1, 1000]);
  });

  it.each([
    ['no-snapshot', [linked(1, 0, 5, [1, 99, 1])]],
    ['crossed', [SNAPSHOT, linked(101, 1000, 1010, [1, 100, 1])]],
    [
      'crossed',
      [
        {
          ...SNAPSHOT,
          levels: [
            [1, 101, 1],
            [-1, 100, 1],
          ],
        },
      ],
    ],
    ['negative', [SNAPSHOT, linked(101, 1000, 1010, [1, 99, -1])]],
    ['bad-level', [SNAPSHOT, linked(101, 1000, 1010, [1, NaN, 1])]],
    ['bad-level', [SNAPSHOT, linked(101, 1000, 1010, [1, -99, 1])]],
    ['bad-level', [SNAPSHOT, linked(101, 1000, 1010, [1, 99, NaN])]],
    ['off-grid', [SNAPSHOT, linked(101, 1000, 1010, [1, 99.3, 1])]],
    ['stale', [SNAPSHOT, linked(20_101, 1000, 1010, [1, 99, 1])]],
  ] as [string, Message[]][])('calls a bad book %s and empties it', (code, messages) => {
    const feed = play(messages, { staleMs: 10_000 });
    expect([feed.valid, feed.fault?.code, feed.book.levels(1)]).toEqual([false, code, 0]);
    expect(feed.fault?.text).toMatch(/\.$/);
  });

  it('lets a crossing pass within a message: only its end counts', () => {
    const feed = play([SNAPSHOT, linked(101, 1000, 1010, [1, 100, 1], [-1, 100, 0])]);
    expect([feed.valid, ...top(feed)]).toEqual([true, 100, 101]);
  });

  it('goes stale by the clock as well', () => {
    const feed = play([SNAPSHOT], { staleMs: 50 });
    feed.expire(150);
    expect(feed.valid).toBe(true);
    feed.expire(151);
    expect([feed.valid, feed.fault?.code, feed.fault?.ts]).toEqual([false, 'stale', 151]);
  });

  it('keeps only so many rows while it waits for a snapshot, and then shows a gap rather than a wrong book', () => {
    const updates = Array.from({ length: 100 }, (_, i) => linked(i, 10 * i, 10 * i + 10, [1, 90, i + 1]));
    const late = play([...updates, { ...SNAPSHOT, last: 905 }], { heldRows: 40 });
    expect([late.valid, late.lastId, late.book.lotsAt(1, SCALE.ticks(90))]).toEqual([true, 1000, 100_000]);
    const tooLate = play([...updates, { ...SNAPSHOT, last: 205 }], { heldRows: 40 });
    expect([tooLate.valid, tooLate.fault?.code]).toEqual([false, 'gap']);
  });

  it('never keeps half a message', () => {
    const prices = (i: number): number[] => [0, 1, 2, 3, 4].map(n => 20 + 2.5 * i + n / 2);
    const updates = Array.from({ length: 30 }, (_, i) => linked(i, 10 * i, 10 * i + 10, ...prices(i).map(price => [1, price, 1] as const)));
    for (let heldRows = 20; heldRows < 60; heldRows++)
      for (let i = 20; i < 30; i++) {
        const feed = play([...updates, { ...SNAPSHOT, last: 10 * i + 5 }], { heldRows });
        const lots = prices(i).map(price => feed.book.lotsAt(1, SCALE.ticks(price)));
        expect(lots).toEqual(lots.map(() => (feed.valid ? 1000 : 0)));
      }
  });

  it('never fails and is never crossed while valid, whatever it is fed', () => {
    const id = fc.oneof(fc.integer({ min: 990, max: 1040 }), fc.constant(NaN));
    const message = fc.record({
      ts: fc.integer({ min: 0, max: 1000 }),
      snapshot: fc.boolean(),
      first: id,
      last: id,
      previous: id,
      levels: fc.array(
        fc.tuple(
          fc.constantFrom(1 as const, -1 as const),
          fc.oneof(fc.integer({ min: 90, max: 110 }), fc.constantFrom(0, -1, NaN, Infinity, 99.3)),
          fc.oneof(fc.integer({ min: 0, max: 9 }), fc.constantFrom(-1, NaN, Infinity)),
        ),
        { minLength: 1, maxLength: 6 },
      ),
    });
    fc.assert(
      fc.property(fc.array(message, { maxLength: 30 }), messages => {
        const feed = new BookFeed(SCALE, { staleMs: 500, heldRows: 20 });
        const rows = rowsOf(messages);
        for (let row = 0; row < rows.rows;) {
          row += feed.apply(rows, row);
          expect(feed.valid).toBe(feed.fault === null);
          if (feed.valid) expect(feed.book.bestBid >= feed.book.bestAsk).toBe(false);
          else expect(feed.book.levels(1) + feed.book.levels(-1)).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });
});
