import { describe, expect, it } from 'vitest';
import type { Instrument } from '../../../src/market/instrument.js';
import { captureTo } from '../../../src/live/feed/capture.js';
import { readCapture } from '../../../src/live/feed/read-capture.js';
import type { MarketMessage } from '../../../src/live/venue-transport.js';
import { random } from '../../../src/random.js';
import { barAt, barMessage, BTC, EPOCH, MINUTE, rig, trueHistory, unanswered } from './fake-venue.js';
import { memoryDisk } from './memory-disk.js';
import { virtualClock } from './virtual-clock.js';

const instrument: Instrument = {
  symbol: BTC,
  exchange: 'practice',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 10,
  maintenanceMarginRate: 0.01,
  source: 'a test',
};
const trade = (id: string, ts: number, price = 40_000): MarketMessage => ({
  kind: 'trade',
  symbol: BTC,
  id,
  price,
  quantity: 1,
  side: 1,
  ts,
});
const options = (disk: ReturnType<typeof memoryDisk>, clock = virtualClock(EPOCH)) => ({
  disk,
  folder: 'capture',
  clock,
  venue: 'practice',
  synthetic: true,
  instruments: [instrument],
});
const textOf = (bytes: Uint8Array | undefined): string => Buffer.from(bytes ?? new Uint8Array()).toString();

describe('a capture', () => {
  it('gives back what a live feed gave: bars, trades, quotes and rates of a bad day, each once', async () => {
    const chance = random('a bad day');
    const clock = virtualClock(EPOCH);
    const disk = memoryDisk();
    const capture = await captureTo({ ...options(disk, clock), segmentBytes: 50_000 });
    const history = trueHistory(clock, {
      tamper: rows => {
        if (chance.next() < 0.2) throw unanswered();
        return rows;
      },
    });
    const r = rig(
      [
        { kind: 'bars', symbol: BTC, timeframe: '1m' },
        ...(['trades', 'quotes', 'mark', 'funding', 'book'] as const).map(kind => ({ kind, symbol: BTC })),
      ],
      { clock, history, capture, instruments: [instrument] },
    );
    r.feed.start();
    const warm = r.feed.warm(30);
    await clock.run(10_000);
    await warm;
    let id = 0;
    const send = (message: MarketMessage): void => {
      if (chance.next() < 0.1) return;
      for (let n = chance.next() < 0.2 ? 2 : 1; n > 0; n--) r.say(message);
    };
    for (let i = 0; i < 60; i++) {
      const now = clock.market();
      const open = Math.floor(now / MINUTE) * MINUTE;
      send(barMessage(BTC, barAt(BTC, '1m', open - MINUTE, Infinity), true, now));
      send(trade(String(id++), now - chance.int(500)));
      send({ kind: 'quote', symbol: BTC, bid: 39_999, bidSize: 1, ask: 40_001, askSize: i + 1, ts: now });
      send({ kind: 'mark', symbol: BTC, price: 40_000 + i, index: 40_000, ts: now });
      send({
        kind: 'book',
        symbol: BTC,
        snapshot: i % 20 === 0,
        bids: [[39_999, i + 1]],
        asks: [[40_001, 2]],
        firstId: NaN,
        lastId: i,
        previousId: NaN,
        ts: now,
      });
      // Hostile: ten times the price, and no number.
      send(trade(`bad${i}`, now, 400_000));
      send(trade(`nan${i}`, now, NaN));
      send(barMessage(BTC, [open - MINUTE, 4e5, 4e5, 4e5, 4e5, 1], true, now));
      await clock.run(20_000);
    }
    r.say({ kind: 'funding', symbol: BTC, rate: 0.0001, interval: 480 * MINUTE, ts: clock.market() });
    await clock.run(5_000);
    await capture.close();
    expect(disk.files.size).toBeGreaterThan(2);
    const { imported, head, torn } = await readCapture(disk, 'capture');
    expect(head).toMatchObject({ venue: 'practice', synthetic: true });
    expect(torn).toBe(0);
    expect(imported.every(({ synthetic }) => synthetic)).toBe(true);
    const back = (kind: string): number[][] => {
      const series = imported.find(each => each.series.kind === kind)?.series;
      return Array.from({ length: series?.rows ?? 0 }, (_, i) => [
        series?.ts[i] ?? NaN,
        ...(series?.columns ?? []).map(column => column[i] ?? NaN),
      ]);
    };
    const given = r.given('bars');
    expect(back('bars').slice(0, given.length)).toEqual(given);
    expect(given.length).toBeGreaterThan(45);
    expect(back('trades').map(([, ...values]) => values)).toEqual(r.given('trades').map(([, ...values]) => values));
    expect(back('quotes').map(row => row[4])).toEqual(expect.arrayContaining(r.given('quotes').map(row => row[4])));
    expect(back('mark')).toEqual(r.given('mark'));
    expect(back('book').length).toBe(r.given('book').length);
    expect(back('funding')).toEqual(r.given('funding'));
  });

  it('goes on in a new segment after a crash, and leaves out a line that was cut off', async () => {
    const disk = memoryDisk();
    const clock = virtualClock(EPOCH);
    const first = await captureTo(options(disk, clock));
    first.message(trade('1', EPOCH));
    await clock.run(1_000);
    const name = 'capture/000001.ndjson';
    disk.files.set(name, Buffer.concat([disk.files.get(name) ?? new Uint8Array(), Buffer.from('{"at":17,"mess')]));
    const second = await captureTo(options(disk, clock));
    second.message(trade('1', EPOCH));
    second.message(trade('2', EPOCH + 1));
    await second.close();
    const { imported, torn } = await readCapture(disk, 'capture');
    expect(torn).toBe(14);
    expect(Array.from(imported[0]?.series.ts ?? [])).toEqual([EPOCH, EPOCH + 1]);
  });

  it('shows a segment that was altered or is missing', async () => {
    const disk = memoryDisk();
    const capture = await captureTo({ ...options(disk), segmentBytes: 200 });
    for (let i = 0; i < 4; i++) {
      capture.message(trade(String(i), EPOCH));
      await capture.close;
    }
    await capture.close();
    const more = await captureTo({ ...options(disk), segmentBytes: 200 });
    more.message(trade('x', EPOCH));
    await more.close();
    const intact = new Map(disk.files);
    const name = 'capture/000001.ndjson';
    disk.files.set(name, Buffer.from(textOf(disk.files.get(name)).replace('40000', '40001')));
    await expect(readCapture(disk, 'capture')).rejects.toMatchObject({ code: 'altered-capture' });
    disk.files.clear();
    for (const [path, bytes] of intact) if (path !== name) disk.files.set(path, bytes);
    await expect(readCapture(disk, 'capture')).rejects.toMatchObject({ code: 'broken-capture' });
    disk.files.clear();
    await expect(readCapture(disk, 'capture')).rejects.toMatchObject({ code: 'no-capture' });
  });

  it('never holds up the market: a full disk ends the capture and counts what is lost', async () => {
    const disk = memoryDisk();
    const clock = virtualClock(EPOCH);
    const capture = await captureTo(options(disk, clock));
    capture.message(trade('1', EPOCH));
    await clock.run(1_000);
    disk.full = true;
    capture.message(trade('2', EPOCH));
    await clock.run(1_000);
    capture.message(trade('3', EPOCH));
    expect(capture.failure).toContain('ENOSPC');
    expect(capture.lost).toBe(2);
    await capture.close();
  });

  it('keeps a bound on what waits for the disk', async () => {
    const capture = await captureTo({ ...options(memoryDisk()), pendingBytes: 1_000 });
    for (let i = 0; i < 100; i++) capture.message(trade(String(i), EPOCH));
    expect(capture.lost).toBeGreaterThan(80);
    await capture.close();
  });
});
