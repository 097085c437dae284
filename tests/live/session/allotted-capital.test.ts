import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { movedMarks } from '../../../src/risk/moved-marks.js';
import { A, T0 } from '../../engine/scenario.js';
import { memoryDisk } from '../feed/memory-disk.js';
import { settle } from '../feed/virtual-clock.js';
import { scripted, session } from './stage-session.js';

const DAY0 = Math.floor(T0 / 86_400_000);

/** One start after another on one disk; every other one dies without a word. */
const lives = (paper: boolean, promoted: readonly string[] = ['one']) => {
  const disk = memoryDisk();
  return async (budget: number, snapshotFacts = 1_000_000) => {
    const { runner, starts } = scripted();
    const staged = session({ disk, paper, promoted, runner: { ...runner, budget }, config: { snapshotFacts } });
    await staged.live.start();
    const cash = (stream: string): number => Math.round(staged.live.state.books.get(stream)?.account.cash ?? 0);
    return { ...staged, starts, cash };
  };
};
const earned = (amount: number) =>
  ({ type: 'FundingSettled', ts: T0, symbol: A, rate: 0, lots: 0, markPrice: 100, amount, income: '' }) as const;

describe('capital of a promoted strategy', () => {
  it('is what its promotion allots at each start, and what it has made stays with it, to the unit', async () => {
    const step = fc.record({
      budget: fc.integer({ min: 1, max: 1_000_000 }).map(cents => cents / 100),
      profit: fc.integer({ min: -1_000_000_000, max: 1_000_000_000 }),
      stops: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), fc.boolean(), async (steps, paper) => {
        const start = lives(paper);
        let made = 0;
        for (const { budget, profit, stops } of steps) {
          const { live, cash } = await start(budget, stops ? 1 : 1_000_000);
          expect(live.streams.allotted).toEqual({ one: Math.round(budget * 1e8) });
          expect(cash('one')).toBe(Math.round(budget * 1e8) + made);
          // Live it comes from the account, and goes back to it.
          expect(cash('')).toBe(paper ? 0 : -Math.round(budget * 1e8));
          await live.streams.say([earned(profit)], 'one');
          made += profit;
          if (stops) await live.stop('ended', 'x');
        }
      }),
      { numRuns: 40 },
    );
  });

  it('is left alone where nothing is promoted', async () => {
    const start = lives(false, []);
    await start(100);
    const { facts, cash } = await start(5);
    expect(facts.some(({ type }) => type === 'CashMoved')).toBe(false);
    expect(cash('one')).toBe(100e8);
  });

  it('moves what marks have shown with it, so that the rules of the strategy see neither loss nor profit', async () => {
    const start = lives(false);
    const first = await start(100);
    await first.live.streams.say([{ type: 'RiskRemembered', ts: T0, drawdown: [100, 100], day: [DAY0, 100, 100, 0], streak: 2 }], 'one');
    const second = await start(10);
    expect(second.starts[0]?.state?.marks).toEqual({ drawdown: [10, 10], day: [DAY0, 10, 10, 0], streak: 2 });
  });

  it('that its losses have used up opens nothing more', async () => {
    const start = lives(false);
    const first = await start(100);
    await first.live.streams.say([earned(-20e8)], 'one');
    const second = await start(10);
    await settle();
    expect(second.live.risk).toBe('REDUCING');
    expect(second.facts.find(fact => fact.type === 'RiskStateChanged')).toMatchObject({ state: 'REDUCING', code: 'promotion' });
    await expect(second.live.command('resume', 'ann', 'looked')).rejects.toThrow('lost more than the capital');
  });
});

describe('marks, after money was moved while nobody marked', () => {
  it('show the same drawdown and the same loss of the day as before', () => {
    const money = fc.double({ min: 1, max: 1e6, noNaN: true });
    fc.assert(
      fc.property(
        money,
        fc.double({ min: 0, max: 0.9, noNaN: true }),
        money,
        fc.double({ min: -0.99, max: 50, noNaN: true }),
        (peak, fall, opening, move) => {
          const latest = peak * (1 - fall);
          const moved = movedMarks({ drawdown: [peak, latest], day: [1, opening, latest, 0], streak: 3 }, latest * move);
          const [newPeak, newLatest] = moved.drawdown as [number, number];
          const [, newOpening, newClose] = moved.day as [number, number, number];
          expect(newLatest).toBeCloseTo(latest * (1 + move), 6);
          expect(1 - newLatest / newPeak).toBeCloseTo(fall, 9);
          expect(newClose / newOpening).toBeCloseTo(latest / opening, 6);
          expect(moved.streak).toBe(3);
        },
      ),
    );
  });
});
