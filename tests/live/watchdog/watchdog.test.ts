import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usageError } from '../../../src/errors.js';
import { lossWatch } from '../../../src/live/watchdog/loss-watch.js';
import { parseMaxLoss } from '../../../src/live/watchdog/max-loss.js';
import { pulseJudge } from '../../../src/live/watchdog/pulse-judge.js';
import type { Pulse } from '../../../src/live/watchdog/pulse.js';
import { DEFAULT_WATCHDOG, watchdog, type WatchdogConfig } from '../../../src/live/watchdog/watchdog.js';
import type { VenueOrderRequest } from '../../../src/live/venue-transport.js';
import { scriptedClock, scriptedVenue, START, SYMBOL } from '../broker/scripted-venue.js';
import { memoryDisk } from '../feed/memory-disk.js';

const order = (clientId: string, change: Partial<VenueOrderRequest> = {}): VenueOrderRequest => ({
  clientId,
  symbol: SYMBOL,
  side: 'buy',
  type: 'limit',
  quantity: 0.01,
  price: 49_000,
  stopPrice: null,
  triggerBy: 'last',
  trail: null,
  tif: 'gtc',
  goodTill: null,
  postOnly: false,
  reduceOnly: false,
  closePosition: false,
  positionSide: null,
  ...change,
});
const STOP = { side: 'sell', type: 'stop', price: null, stopPrice: 45_000, reduceOnly: true, closePosition: true } as const;

/** A watchdog, a session that the test plays, and the venue that both see. */
const watched = (change: Partial<WatchdogConfig> = {}, maxLoss: string | null = null) => {
  const time = scriptedClock();
  const { clock } = time;
  const venue = scriptedVenue(clock);
  const session = {
    epoch: 1,
    answers: true,
    held: true,
    facts: 10,
    durable: 10,
    ready: true,
    halts: [] as string[],
    canHalt: true,
    stopped: 0,
  };
  const said: string[] = [];
  const taken: number[] = [];
  const disk = memoryDisk();
  const files = new Map<string, Uint8Array>();
  const dog = watchdog(
    {
      clock,
      transport: venue.transport,
      ask: (): Promise<Pulse | null> => {
        const { epoch, facts, durable, ready } = session;
        return Promise.resolve(
          session.answers ? { epoch, phase: 'trading', facts, durable, ready, because: ready ? null : 'stream: down' } : null,
        );
      },
      isHeld: () => Promise.resolve(session.held),
      halt: reason => {
        session.halts.push(reason);
        return Promise.resolve(session.canHalt);
      },
      stop: () => {
        session.stopped++;
        session.held = false;
        session.answers = false;
        return Promise.resolve();
      },
      fencing: {
        owner: () => Promise.resolve(taken.at(-1) ?? session.epoch),
        ownerNow: () => taken.at(-1) ?? session.epoch,
        take: epoch => {
          taken.push(epoch);
          venue.calls.push('take');
          return Promise.resolve();
        },
      },
      lock: {
        acquire: () => (session.held ? Promise.reject(usageError('account-in-use', 'in use')) : Promise.resolve()),
        release: () => Promise.resolve(),
      },
      loss:
        maxLoss === null
          ? null
          : lossWatch({
              transport: venue.transport,
              clock,
              disk: {
                ...disk,
                read: path => (files.has(path) ? Promise.resolve(files.get(path) ?? new Uint8Array()) : Promise.reject(new Error('none'))),
                publish: (path, bytes) => Promise.resolve(void files.set(path, bytes)),
              },
              file: 'watchdog.json',
              asset: 'USDT',
              max: parseMaxLoss(maxLoss),
            }),
      tell: (subject, state) => said.push(`${subject} ${state}`),
      log: () => {},
    },
    { ...DEFAULT_WATCHDOG, ...change },
  );
  const ended: string[] = [];
  void dog.run().then(why => ended.push(why));
  const open = (): string[] =>
    [...venue.orders.values()].filter(o => o.status === 'open' || o.status === 'untriggered').map(o => o.clientId);
  return { time, venue, session, said, taken, dog, ended, open, files };
};

describe('a watchdog', () => {
  it('leaves a session that answers alone, however long', async () => {
    const { time, venue, open, ended, taken } = watched();
    await venue.transport.submit(order('qt-a.1.1'));
    await time.pass(600_000);
    expect(open()).toEqual(['qt-a.1.1']);
    expect([ended, taken]).toEqual([[], []]);
  });

  it('takes the orders of a session that hangs back within its bound, raises the epoch first, and leaves stops and strangers', async () => {
    const { time, venue, session, open, taken, said } = watched();
    await venue.transport.submit(order('qt-a.1.1'));
    await venue.transport.submit(order('qt-a.1.2', { side: 'sell', reduceOnly: true }));
    await venue.transport.submit(order('qt-a.1.3', STOP));
    await venue.transport.submit(order('web_1'));
    await time.pass(5_000);
    session.answers = false;
    await time.pass(9_000);
    expect(open()).toHaveLength(4);
    await time.pass(3_000);
    expect(open()).toEqual(['qt-a.1.3', 'web_1']);
    expect(taken).toEqual([2]);
    expect(venue.calls.indexOf('take')).toBeLessThan(venue.calls.indexOf('cancel'));
    expect(said).toContain('watchdog:hung acting');
  });

  it('tells a session that wakes up to end, takes back what that one sent in the moment, and ends itself', async () => {
    const { time, venue, session, open, ended } = watched();
    await time.pass(2_000);
    session.answers = false;
    await time.pass(30_000);
    session.answers = true;
    await venue.transport.submit(order('qt-a.1.9'));
    await time.pass(20_000);
    expect(session.stopped).toBe(1);
    expect(open()).toEqual([]);
    expect(ended).toEqual(['taken back']);
  });

  it('gives a session that has died its grace, and does nothing when another begins within it', async () => {
    const { time, venue, session, open, ended } = watched({ graceMs: 30_000 });
    await venue.transport.submit(order('qt-a.1.1'));
    await time.pass(2_000);
    session.answers = false;
    session.held = false;
    await time.pass(20_000);
    expect(open()).toHaveLength(1);
    Object.assign(session, { epoch: 2, held: true, answers: true });
    await time.pass(60_000);
    expect(open()).toHaveLength(1);
    expect(ended).toEqual(['superseded']);
  });

  it('leaves the account to a session that has taken the epoch and does not answer yet', async () => {
    const { time, venue, session, open, taken, ended } = watched();
    await venue.transport.submit(order('qt-a.1.1'));
    await time.pass(2_000);
    session.answers = false;
    taken.push(2);
    await time.pass(60_000);
    expect(open()).toHaveLength(1);
    expect([ended, taken]).toEqual([['superseded'], [2]]);
  });

  it('takes the orders of a dead session back after its grace', async () => {
    const { time, venue, session, open, ended, said } = watched({ graceMs: 30_000 });
    await venue.transport.submit(order('qt-a.1.1'));
    await time.pass(2_000);
    session.answers = false;
    session.held = false;
    await time.pass(33_000);
    expect(open()).toEqual([]);
    await time.pass(20_000);
    expect(ended).toEqual(['taken back']);
    expect(said).toEqual(['watchdog:dead acting', 'watchdog:dead done']);
  });

  it('ends when its session stops in order, and leaves its orders', async () => {
    const { time, venue, session, dog, open, ended } = watched();
    await venue.transport.submit(order('qt-a.1.1'));
    await time.pass(2_000);
    dog.release(1);
    session.answers = false;
    session.held = false;
    await time.pass(60_000);
    expect(ended).toEqual(['released']);
    expect(open()).toHaveLength(1);
  });

  it('begun by hand, goes on with the next session', async () => {
    const { time, session, dog, ended } = watched({ follows: true });
    await time.pass(2_000);
    dog.release(1);
    await time.pass(2_000);
    expect(dog.state).toBe('waiting');
    session.epoch = 2;
    await time.pass(2_000);
    expect([dog.state, dog.epoch, ended]).toEqual(['watching', 2, []]);
  });

  it('takes a session whose disk takes nothing for hung', async () => {
    const { time, venue, session, open } = watched();
    await venue.transport.submit(order('qt-a.1.1'));
    await time.pass(2_000);
    session.facts = 20;
    await time.pass(14_000);
    expect(open()).toHaveLength(1);
    await time.pass(4_000);
    expect(open()).toEqual([]);
  });

  it('tells people of a session that is not ready for long, and touches nothing', async () => {
    const { time, venue, session, open, said } = watched({ unreadyMs: 60_000 });
    await venue.transport.submit(order('qt-a.1.1'));
    session.ready = false;
    await time.pass(120_000);
    expect(said).toEqual(['watchdog:unready raised']);
    session.ready = true;
    await time.pass(3_000);
    expect(said).toEqual(['watchdog:unready raised', 'watchdog:unready cleared']);
    expect(open()).toHaveLength(1);
  });

  it('goes on through a venue that fails until it lists nothing, and leaves it alone for as long as it wants', async () => {
    const { time, venue, session, open } = watched();
    for (let i = 1; i <= 20; i++) await venue.transport.submit(order(`qt-a.1.${i}`));
    await time.pass(2_000);
    session.answers = false;
    for (let i = 0; i < 3; i++) venue.spoil('openOrders', 'ambiguous');
    venue.spoil('cancel', 'ambiguous', 'timeout', { after: true });
    venue.spoil('cancel', 'limited', 'limited', { until: START + 40_000 });
    await time.pass(20_000);
    const before = venue.calls.length;
    await time.pass(10_000);
    expect(venue.calls.length).toBe(before);
    await time.pass(20_000);
    expect(open()).toEqual([]);
  });

  it('closes positions where chosen by orders that can only close, and their stops after that', async () => {
    const { time, venue, session, open } = watched({ choice: { all: false, flatten: true } });
    await venue.transport.submit(order('qt-a.1.1'));
    venue.fill('qt-a.1.1', 0.01, 49_000);
    await venue.transport.submit(order('qt-a.1.2', STOP));
    await time.pass(2_000);
    session.answers = false;
    venue.spoil('submit', 'ambiguous', 'timeout', { after: true });
    const fills = setFills(venue);
    await time.pass(40_000);
    fills();
    const exits = venue.submitted.filter(({ clientId }) => clientId.startsWith('qw-'));
    expect(exits.length).toBeGreaterThan(0);
    for (const exit of exits) expect(exit).toMatchObject({ side: 'sell', type: 'market', quantity: 0.01, reduceOnly: true });
    expect(venue.position).toBe(0);
    expect(open()).toEqual([]);
  });

  it('halts a session that has lost too much, once, and only when a second look says the same', async () => {
    const { time, venue, session, said } = watched({}, '10%');
    await time.pass(12_000);
    venue.moveWallet(-100);
    // One look that is wrong is no loss.
    await time.pass(8_050);
    venue.moveWallet(100);
    await time.pass(20_000);
    expect(session.halts).toEqual([]);
    venue.moveWallet(-100);
    await time.pass(60_000);
    expect(session.halts).toHaveLength(1);
    expect(said).toEqual(['watchdog:max-loss passed']);
  });

  it('takes the account over when the session does not halt at the loss', async () => {
    const { time, venue, session, open, taken } = watched({}, '50');
    await venue.transport.submit(order('qt-a.1.1'));
    session.canHalt = false;
    await time.pass(12_000);
    venue.moveWallet(-50);
    await time.pass(30_000);
    expect(open()).toEqual([]);
    expect(taken[0]).toBe(2);
  });

  it('counts no withdrawal as a loss, and no deposit as a gain', async () => {
    const { time, venue, session } = watched({}, '100');
    await time.pass(12_000);
    venue.pay({ id: 'w', kind: 'withdrawal', symbol: null, asset: 'USDT', amount: -500, ts: START + 12_000, execution: null });
    await time.pass(30_000);
    expect(session.halts).toEqual([]);
    venue.pay({ id: 'd', kind: 'deposit', symbol: null, asset: 'USDT', amount: 200, ts: START + 42_000, execution: null });
    venue.moveWallet(-100);
    await time.pass(30_000);
    expect(session.halts).toHaveLength(1);
  });

  it('counts the loss from before a crash, and anew after a stop in order', async () => {
    const { time, venue, files, dog, ended } = watched({}, '100');
    await time.pass(12_000);
    const kept = Buffer.from(files.get('watchdog.json') ?? []).toString('utf8');
    expect(JSON.parse(kept)).toMatchObject({ equity: 1000, asset: 'USDT' });
    venue.moveWallet(-30);
    dog.release(1);
    await time.pass(5_000);
    expect(ended).toEqual(['released']);
    expect(Buffer.from(files.get('watchdog.json') ?? []).toString('utf8')).toBe('{}\n');
  });

  it('does what a person says while the session hangs', async () => {
    const { time, venue, session, dog, open } = watched();
    await venue.transport.submit(order('qt-a.1.1'));
    await time.pass(2_000);
    session.answers = false;
    const done = dog.takeBack('ann', 'test', false);
    await time.pass(1_000);
    expect(open()).toEqual([]);
    await time.pass(10_000);
    await expect(done).resolves.toEqual({ cancelled: 1, closed: 0 });
  });
});

/** Market orders fill at once on a venue; the scripted one is told to. */
const setFills = (venue: ReturnType<typeof scriptedVenue>): (() => void) => {
  const submit = venue.transport.submit;
  const fillExit = (clientId: string): void => {
    if (clientId.startsWith('qw-') && venue.position > 0) venue.fill(clientId, venue.position, 50_000);
  };
  Object.assign(venue.transport, {
    submit: async (request: VenueOrderRequest) => {
      try {
        return await submit(request);
      } finally {
        fillExit(request.clientId);
      }
    },
  });
  return () => Object.assign(venue.transport, { submit });
};

describe('the judge of pulses', () => {
  const bounds = { silentMs: 10_000, diskMs: 15_000, unreadyMs: 300_000 };

  it('says hung exactly when no answer came for longer than the bound, whatever the pulses before', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9_999 }), { maxLength: 30 }), fc.integer({ min: 0, max: 30_000 }), (gaps, silence) => {
        const judge = pulseJudge(bounds, 0);
        let now = 0;
        for (const gap of gaps) {
          now += gap;
          judge.hear({ epoch: 1, phase: 'trading', facts: 1, durable: 1, ready: true, because: null }, now);
        }
        expect(judge.finding(now + silence).finding).toBe(silence > 10_000 ? 'hung' : 'well');
      }),
    );
  });
});

describe('a limit of loss', () => {
  it('is an amount or a share, and nothing else', () => {
    expect(parseMaxLoss('500')).toEqual({ kind: 'amount', value: 500 });
    expect(parseMaxLoss('5%')).toEqual({ kind: 'fraction', value: 0.05 });
    for (const text of ['', '0', '-5', '101%', 'all', '5 %x', '1e3']) expect(() => parseMaxLoss(text), text).toThrow(/is no loss/);
  });
});
