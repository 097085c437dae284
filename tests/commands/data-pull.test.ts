import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { PullArguments } from '../../src/commands/data-pull.js';
import { runDataPull, type PullSource } from '../../src/commands/run-data-pull.js';
import { useTerminal } from '../../src/commands/terminal.js';
import { openDataset } from '../../src/datasets/catalogue.js';
import { openDuckDB } from '../../src/duckdb.js';
import { readRows } from '../../src/datasets/read-rows.js';
import { KIND_COLUMNS, type MarketKind } from '../../src/events/market.js';
import type { LiveClock } from '../../src/live/live-clock.js';
import { VenueFailure, type VenueHistory } from '../../src/live/venue-transport.js';
import type { Instrument } from '../../src/market/instrument.js';
import { timeframeMs } from '../../src/market/timeframe.js';

const BTC = 'BTC/USDT:USDT';
const MINUTE = 60_000;
const FROM = Date.UTC(2024, 0, 1);
/** Two days and a half minute later. */
const NOW = FROM + 2 * 24 * 60 * MINUTE + 30_000;

const instrument: Instrument = {
  symbol: BTC,
  exchange: 'binanceusdm',
  kind: 'linear-perpetual',
  tickSize: 0.1,
  lotSize: 0.001,
  minNotional: 5,
  contractSize: 1,
  maxLeverage: 10,
  maintenanceMarginRate: 0.01,
  source: 'a test',
};

/** A clock on which waiting takes no time. */
const quickClock = (): LiveClock & { waited: number } => {
  let now = 0;
  const clock = {
    waited: 0,
    wall: () => NOW + now,
    monotonic: () => now,
    market: () => NOW + now,
    speed: 1,
    after: (ms: number, action: () => void) => {
      now += ms;
      clock.waited += ms;
      queueMicrotask(action);
      return () => undefined;
    },
  };
  return clock;
};

type Bar = readonly [number, number, number, number, number, number];
const barOf = (ts: number): Bar => {
  const base = 40_000 + ((ts / MINUTE) % 97);
  return [ts, base, base + 2, base - 2, base + 1, 1 + ((ts / MINUTE) % 7)];
};

interface FakeVenue {
  readonly source: PullSource;
  readonly clock: ReturnType<typeof quickClock>;
  requests: number;
  /** Called before each answer. */
  disturb: (request: number) => void;
  /** Opens that the venue does not have. */
  readonly holes: Set<number>;
  most: number;
}

const fakeVenue = (synthetic = false): FakeVenue => {
  const clock = quickClock();
  const answer = <T>(make: () => T): Promise<T> => {
    venue.requests++;
    venue.disturb(venue.requests);
    return Promise.resolve(make());
  };
  const times = (from: number, to: number, step: number, limit: number): number[] => {
    const all: number[] = [];
    for (let ts = Math.ceil(from / step) * step; ts <= Math.min(to, NOW) && all.length < Math.min(limit, venue.most); ts += step)
      if (!venue.holes.has(ts)) all.push(ts);
    return all;
  };
  const history: VenueHistory = {
    bars: (_, timeframe, from, to, limit) => answer(() => times(from, to, timeframeMs(timeframe), limit).map(barOf)),
    funding: (_, from, to, limit) => answer(() => times(from, to, 480 * MINUTE, limit).map(ts => [ts + 3, 0.0001] as const)),
    openInterest: (_, timeframe, from, to, limit) =>
      answer(() => times(from, to, timeframeMs(timeframe), limit).map(ts => [ts, 5] as const)),
    referenceBars: (_, __, timeframe, from, to, limit) =>
      answer(() => times(from, to, timeframeMs(timeframe), limit).map(ts => [ts, 1, 4, 1, 3] as const)),
    trades: () => answer(() => []),
    fundingInterval: () => answer(() => 480 * MINUTE),
  };
  const venue: FakeVenue = {
    clock,
    requests: 0,
    disturb: () => undefined,
    holes: new Set(),
    most: Infinity,
    source: {
      venue: 'binanceusdm',
      synthetic,
      clock,
      history,
      markets: () => Promise.resolve([{ instrument, trading: true, minQuantity: 0.001, maxQuantity: 100, makerFee: null, takerFee: null }]),
      now: () => Promise.resolve(NOW),
      close: () => Promise.resolve(),
    },
  };
  return venue;
};

let root = '';
let [out, err] = ['', ''];
let abort = new AbortController();
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'quantai-pull-'));
  abort = new AbortController();
  [out, err] = ['', ''];
  useTerminal({ out: text => (out += text), err: text => (err += text), interactive: false, signal: abort.signal });
});
afterEach(() => rm(root, { recursive: true, force: true }));

const pull = (venue: FakeVenue, given: Partial<PullArguments> = {}): Promise<void> =>
  runDataPull(
    {
      venue: 'binanceusdm',
      symbols: BTC,
      timeframe: '1m',
      from: '2024-01-01',
      kind: 'bars',
      dataset: 'pulled',
      resume: false,
      'weight-per-minute': 1_200,
      workspace: root,
      json: true,
      progress: false,
      ...given,
    },
    () => Promise.resolve(venue.source),
  );

const rowsIn = async (kind: MarketKind): Promise<number[][]> => {
  const dataset = await openDataset(root, 'pulled');
  const entry = dataset.entries.find(each => each.kind === kind);
  if (!entry) return [];
  const engine = await openDuckDB();
  const rows = await readRows(
    engine.connection,
    entry.files.map(({ path }) => join(dataset.folder, path)),
    KIND_COLUMNS[kind],
    entry.rows,
  );
  engine.close();
  return Array.from({ length: rows.rows }, (_, i) => [rows.ts[i] ?? NaN, ...rows.columns.map(column => column[i] ?? NaN)]);
};
const truth = Array.from({ length: 2 * 24 * 60 }, (_, i) => barOf(FROM + i * MINUTE));

describe('quantai data pull', () => {
  it('writes every closed bar and never the running one, whatever the venue’s pages', async () => {
    const venue = fakeVenue();
    venue.most = 333;
    await pull(venue);
    expect(await rowsIn('bars')).toEqual(truth);
    const result = JSON.parse(out) as { synthetic: boolean; series: { rows: number; timeframe: string }[] };
    expect(result).toMatchObject({ dataset: 'pulled', synthetic: false, series: [{ rows: truth.length, timeframe: '1m' }] });
    const [entry] = (await openDataset(root, 'pulled')).entries;
    expect(entry?.sources[0]?.reading['venue']).toBe('binanceusdm');
  });

  it('takes funding, open interest, mark and index beside the bars; a mark is known when its bar closes', async () => {
    await pull(fakeVenue(), { kind: 'bars,funding,open-interest,mark,index', timeframe: '1h' });
    expect((await rowsIn('bars')).length).toBe(48);
    expect(await rowsIn('funding')).toEqual([0, 8, 16, 24, 32, 40, 48].map(hour => [FROM + hour * 60 * MINUTE + 3, 0.0001, 480 * MINUTE]));
    expect((await rowsIn('open-interest')).length).toBe(49);
    expect((await rowsIn('mark'))[0]).toEqual([FROM + 60 * MINUTE, 3]);
    expect((await rowsIn('index')).at(-1)?.[0]).toBe(FROM + 48 * 60 * MINUTE);
  });

  it('goes on with --resume where an interruption left it, and asks for nothing twice', async () => {
    const whole = fakeVenue();
    await pull(whole, { dataset: 'whole' });
    const venue = fakeVenue();
    venue.disturb = request => {
      if (request === 3) abort.abort();
    };
    await expect(pull(venue)).rejects.toThrow();
    expect(await readdir(join(root, '.cache', 'pulls'))).toHaveLength(1);
    expect(err).toContain('--resume');
    abort = new AbortController();
    out = '';
    useTerminal({ out: text => (out += text), err: text => (err += text), interactive: false, signal: abort.signal });
    venue.disturb = () => undefined;
    await pull(venue, { resume: true });
    expect(await rowsIn('bars')).toEqual(truth);
    expect(venue.requests).toBe(whole.requests);
    expect(await readdir(join(root, '.cache', 'pulls'))).toEqual([]);
    expect(JSON.parse(out)).toMatchObject({ series: [{ resumed: expect.any(Number), rows: truth.length }] });
  });

  it('asks for a hole a second time, and leaves a gap a gap with its finding', async () => {
    const venue = fakeVenue();
    const [late, never] = [FROM + 100 * MINUTE, FROM + 200 * MINUTE];
    venue.holes.add(late).add(never);
    venue.disturb = request => {
      if (request > 3) venue.holes.delete(late);
    };
    await pull(venue);
    const rows = await rowsIn('bars');
    expect(rows).toEqual(truth.filter(([ts]) => ts !== never));
    const manifest = (await openDataset(root, 'pulled')).manifest;
    expect(manifest.findings).toContainEqual(expect.objectContaining({ code: 'gap', count: 1 }));
    expect(JSON.parse(out)).toMatchObject({ series: [{ repaired: 1 }] });
  });

  it('spends no more than its weight a minute, waits out limits and tries again after errors', async () => {
    const venue = fakeVenue();
    let failures = 0;
    venue.disturb = request => {
      if (request === 2) throw new VenueFailure('limited', '429', 'Too many requests.', venue.clock.wall() + 60_000);
      if (request === 4 && failures++ === 0) throw new VenueFailure('ambiguous', 'timeout', 'No answer came in time.');
    };
    await pull(venue, { 'weight-per-minute': 10 });
    expect(await rowsIn('bars')).toEqual(truth);
    // At least three pages of weight 5, two of them sent twice, at 10 a minute, one of which fits at once; and the ban.
    expect(venue.clock.waited).toBeGreaterThanOrEqual(60_000 + 3 * 30_000);
  });

  it('keeps what it has when the venue stays away', async () => {
    const venue = fakeVenue();
    venue.disturb = request => {
      if (request > 2) throw new VenueFailure('unavailable', '503', 'The venue is down.');
    };
    await expect(pull(venue)).rejects.toMatchObject({ code: 'venue-failed', exitCode: 1 });
    await expect(openDataset(root, 'pulled')).rejects.toThrow();
    venue.disturb = () => undefined;
    await pull(venue, { resume: true });
    expect(await rowsIn('bars')).toEqual(truth);
  });

  it('marks what comes from the practice exchange as synthetic, and does not mix it with recorded data', async () => {
    await pull(fakeVenue(true));
    expect((await openDataset(root, 'pulled')).manifest.synthetic).toBe(true);
    await expect(pull(fakeVenue(false))).rejects.toMatchObject({ code: 'mixes-synthetic' });
  });

  it('makes a new version only of what is new, and an older one stays', async () => {
    const venue = fakeVenue();
    await pull(venue, { to: '2024-01-02' });
    const first = (await openDataset(root, 'pulled')).manifest.version;
    await pull(venue, { to: '2024-01-02' });
    expect((await openDataset(root, 'pulled')).manifest.version).toBe(first);
    await pull(venue, { from: '2024-01-02' });
    expect(await rowsIn('bars')).toEqual(truth);
    expect((await openDataset(root, `pulled@${first.slice(0, 12)}`)).entries[0]?.rows).toBe(1440);
  });

  it.each([
    [{ symbols: 'BTC/USDT:USDC' }, 'unknown-symbol'],
    [{ kind: 'bars,rates' }, 'bad-option'],
    [{ to: '2023-01-01' }, 'bad-window'],
    [{ from: '2025-01-01' }, 'bad-window'],
    [{ timeframe: 'often' }, 'bad-timeframe'],
    [{ dataset: 'sample' }, 'reserved-dataset-name'],
    [{ 'weight-per-minute': 0 }, 'bad-option'],
  ])('refuses %j with a sentence', async (given, code) => {
    await expect(pull(fakeVenue(), given)).rejects.toMatchObject({ code, exitCode: 2 });
  });
});
