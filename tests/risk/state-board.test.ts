import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stateBoard, type RiskReport } from '../../src/risk/state-board.js';

const report = (source: string, state: RiskReport['state'], more: Partial<RiskReport> = {}): RiskReport => ({
  source,
  state,
  code: `${source}-${state}`,
  text: source,
  ...more,
});

describe('the board of risk states', () => {
  it('goes down at once by the strictest source, and up when none asks for it any more', () => {
    const board = stateBoard();
    expect(board.state).toBe('ACTIVE');
    expect(board.report(report('drift', 'REDUCING'), 0)).toEqual({
      source: 'drift',
      state: 'REDUCING',
      code: 'drift-REDUCING',
      text: 'drift',
    });
    expect(board.report(report('loss', 'REDUCING', { until: 10 }), 1)).toBeNull();
    expect(board.report(report('account', 'HALTED'), 2)?.state).toBe('HALTED');
    expect(board.report(report('account', 'ACTIVE'), 3)).toEqual({ state: 'REDUCING', code: 'drift-REDUCING', text: 'drift' });
    expect(board.report(report('drift', 'ACTIVE'), 4)).toBeNull();
    expect(board.tick(9)).toBeNull();
    expect(board.tick(10)).toMatchObject({ state: 'ACTIVE', code: 'calm' });
    expect(board.tick(11)).toBeNull();
  });

  it('waits for calm where a source asks it to, and begins the wait again when the source is loud in between', () => {
    const board = stateBoard();
    board.report(report('feed', 'REDUCING'), 0);
    expect(board.report(report('feed', 'ACTIVE', { calmForMs: 5 }), 1)).toBeNull();
    board.report(report('feed', 'REDUCING'), 4);
    board.report(report('feed', 'ACTIVE', { calmForMs: 5 }), 6);
    expect(board.tick(10)).toBeNull();
    expect(board.tick(11)?.state).toBe('ACTIVE');
  });

  it('never ends a halt by itself; a person does, and what a source still says stays', () => {
    const board = stateBoard();
    board.report(report('drawdown', 'HALTED'), 0);
    board.report(report('loss', 'REDUCING', { until: 1e9 }), 0);
    board.report(report('drift', 'REDUCING'), 0);
    expect(board.tick(1e12)).toBeNull();
    expect(board.state).toBe('HALTED');
    expect(board.resume('operator', 'looked at it')).toEqual({ state: 'REDUCING', code: 'drift-REDUCING', text: 'drift' });
    expect(board.report(report('drift', 'ACTIVE'), 1e12)?.state).toBe('ACTIVE');
    board.report(report('account', 'HALTED'), 1e12);
    expect(board.resume('operator', '', 'account')).toBeNull();
    expect(board.resume('operator', 'really')).toMatchObject({ state: 'ACTIVE', code: 'operator' });
  });

  it('is always the strictest of what its sources last said and what has not run out', () => {
    const steps = fc.array(
      fc.record({
        source: fc.constantFrom('a', 'b', 'c'),
        state: fc.constantFrom('ACTIVE' as const, 'REDUCING' as const, 'HALTED' as const),
        lasts: fc.constantFrom(undefined, 1, 5),
        gap: fc.integer({ min: 0, max: 4 }),
        isTick: fc.boolean(),
      }),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(steps, rows => {
        const board = stateBoard();
        const said = new Map<string, { rank: number; until: number }>();
        let now = 0;
        let shown = 'ACTIVE';
        for (const { source, state, lasts, gap, isTick } of rows) {
          now += gap;
          const change = isTick
            ? board.tick(now)
            : board.report(report(source, state, lasts === undefined ? {} : { until: now + lasts }), now);
          if (!isTick)
            said.set(source, {
              rank: ['ACTIVE', 'REDUCING', 'HALTED'].indexOf(state),
              until: lasts === undefined ? Infinity : now + lasts,
            });
          const worst = Math.max(0, ...[...said.values()].map(({ rank, until }) => (now < until ? rank : 0)));
          expect(board.state).toBe(['ACTIVE', 'REDUCING', 'HALTED'][worst]);
          // Each change is said, once.
          expect(change?.state ?? shown).toBe(board.state);
          if (change) expect(change.state).not.toBe(shown);
          shown = board.state;
        }
      }),
    );
  });
});
