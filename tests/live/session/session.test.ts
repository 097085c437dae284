import { describe, expect, it } from 'vitest';
import type { VenueEvent } from '../../../src/execution/venue.js';
import type { RunnerOutput } from '../../../src/live/runner/strategy-runner.js';
import { StrategyDesk } from '../../../src/live/session/strategy-desk.js';
import { A, B, T0 } from '../../engine/scenario.js';
import { memoryDisk } from '../feed/memory-disk.js';
import { settle, virtualClock } from '../feed/virtual-clock.js';
import { nothing, scripted, session } from './stage-session.js';

const answer: VenueEvent = {
  seq: -1,
  version: 1,
  ts: T0,
  knownAt: T0,
  account: '',
  strategy: '',
  correlationId: -1,
  causationId: -1,
  type: 'OrderRejected',
  orderId: 'one.1.1',
  symbol: A,
  code: 'margin',
};

describe('a strategy in its place', () => {
  const place = (answers: boolean) => {
    const clock = virtualClock(T0);
    const { runner, given } = scripted(answers);
    const orphans: VenueEvent[] = [];
    const outputs: RunnerOutput[] = [];
    const desk = new StrategyDesk(runner, {
      clock,
      onOutput: (_, output) => void outputs.push(output),
      onOrphans: (_, events) => void orphans.push(...events),
      onFailure: () => {},
    });
    return { clock, desk, given, orphans, outputs };
  };
  const start = { history: [], from: T0, state: null, epoch: 1 };

  it('that never ends its warm-up is given up, and keeps nobody from beginning', async () => {
    const { clock, desk } = place(false);
    const started = desk.start(start, 60_000);
    await clock.run(60_001);
    await started;
    expect(desk.phase).toBe('failed');
  });

  it('is waited for when the session stops, and what it says then counts', async () => {
    const { clock, desk, given, orphans, outputs } = place(false);
    const started = desk.start(start, 60_000);
    given[0]?.done(nothing());
    await started;
    desk.give({ input: 'market', chunks: [], now: T0 });
    desk.give({ input: 'answers', events: [answer], now: T0 });
    const stopped = desk.stop(10_000);
    await clock.run(5_000);
    given[1]?.done({ ...nothing(), equity: 7 });
    await stopped;
    expect(outputs.at(-1)?.equity).toBe(7);
    // What waited behind it is told without the engine.
    expect(orphans).toEqual([answer]);
    expect(given).toHaveLength(2);
  });

  it('whose engine is too late when the session stops has its answers told once, and is not heard any more', async () => {
    const { clock, desk, given, orphans, outputs } = place(false);
    const started = desk.start(start, 60_000);
    given[0]?.done(nothing());
    await started;
    desk.give({ input: 'answers', events: [answer], now: T0 });
    const stopped = desk.stop(10_000);
    await clock.run(10_001);
    await stopped;
    given[1]?.done(nothing());
    expect(orphans).toEqual([answer]);
    expect(outputs).toHaveLength(1);
  });
});

describe('a session', () => {
  it('lets strategies trade again at the broker once a person has resumed it', async () => {
    const { live, resumed, letGo } = session();
    await live.start();
    const halted = live.command('halt', 'me', 'a look');
    await settle();
    letGo();
    await halted;
    await live.command('resume', 'me', 'looked');
    expect(live.risk).toBe('ACTIVE');
    expect(resumed()).toBeGreaterThan(0);
  });

  it('closes positions when that is asked for while a halt that does not is under way', async () => {
    const { live, halts } = session();
    await live.start();
    void live.command('halt', 'me', 'first');
    await settle();
    void live.command('halt', 'me', 'and close', { flatten: true });
    await settle();
    expect(halts).toEqual([false, true]);
  });

  it('does not loosen a halt to reducing without a reason', async () => {
    const { live } = session();
    await live.start();
    void live.command('halt', 'me', 'x');
    await expect(live.command('reduce', 'me', '')).rejects.toThrow('HALTED');
    expect(live.risk).toBe('HALTED');
  });

  it('takes a halt before its journal is open, and carries it out when it is', async () => {
    const { live, halts, facts } = session();
    const halted = live.command('halt', 'me', 'early', { flatten: false });
    await live.start();
    await settle();
    expect(live.risk).toBe('HALTED');
    expect(halts).toEqual([false]);
    // Numbers of the account's own stream, from the first on.
    expect(facts.filter(({ strategy }) => strategy === '').map(({ seq }) => seq)).toEqual(
      facts.filter(({ strategy }) => strategy === '').map((_, i) => i),
    );
    void halted;
  });

  it('can be stopped while it warms up: the account is let go of and the journal says so', async () => {
    const { live, released, facts } = session({ warm: () => new Promise<never>(() => {}) });
    const started = live.start();
    await settle();
    await settle();
    expect(live.phase).toBe('warming-up');
    await live.stop('operator', 'enough');
    await expect(started).rejects.toThrow('stopped before');
    expect(live.phase).toBe('stopped');
    expect(released()).toBe(1);
    expect(facts.at(-1)?.type).toBe('SessionStopped');
  });

  it.each([true, false])('ends by itself when its disk takes nothing more (paper: %s)', async paper => {
    const disk = memoryDisk();
    const { live, ends, clock, letGo } = session({ disk, paper });
    await live.start();
    disk.full = true;
    void live.command('cancel-all', 'me', 'x');
    await clock.run(10);
    letGo();
    await clock.run(10);
    expect(ends).toEqual(['disk']);
    await live.stop('ended', 'disk');
    expect(live.phase).toBe('stopped');
  });

  it.each(['while it trades', 'while it warms up', 'before it begins to trade'])(
    'that is replaced %s ends, and leaves journal and account to the other',
    async when => {
      const warming = when !== 'while it trades';
      const { runner, given } = scripted(!warming);
      const on = session({ runner });
      const started = on.live.start();
      const failure = started.then(
        () => null,
        (error: unknown) => error,
      );
      await settle();
      if (!warming) await started;
      await on.disk.publish('live/test/epoch', Buffer.from('7\n'));
      const written = JSON.stringify([...on.disk.files]);
      // What leaves asks whose the account is; where nothing is to leave the session does before it begins.
      if (when === 'before it begins to trade') given[0]?.done(nothing());
      else expect(on.owner()).toBe('another');
      await on.clock.run(120_000);
      await settle();
      expect([on.live.phase, on.closed, on.released()]).toEqual(['stopped', [true], 1]);
      expect(on.ends).toEqual(warming ? [] : ['fenced']);
      expect(await failure).toEqual(warming ? expect.objectContaining({ code: 'fenced' }) : null);
      expect(JSON.stringify([...on.disk.files]) === written).toBe(true);
    },
  );

  it('moves a budget from the account to its strategy, to the unit', async () => {
    const { live, money } = session();
    await live.start();
    expect(money()).toBe(0);
  });

  it('does not begin where a strategy holds a symbol that it does not look at', async () => {
    const disk = memoryDisk();
    const first = session({ disk });
    await first.live.start();
    await first.live.streams.say(
      [{ type: 'PositionAdopted', ts: T0, symbol: B, before: 0, after: 3, price: 100, code: 'start', text: '' }],
      'one',
    );
    await first.live.stop('ended', 'x');
    const { runner } = scripted();
    const second = session({ disk, runner: { ...runner, symbols: [A] } });
    await expect(second.live.start()).rejects.toThrow(B);
    expect(second.released()).toBe(1);
  });
});
