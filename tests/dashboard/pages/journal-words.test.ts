import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LogLine } from '../../../src/dashboard/api/accounts-api.js';
import { sqlCommand, stateCommand, whyCommand } from '../../../src/dashboard/web/journal/command-lines.js';
import { readState } from '../../../src/dashboard/web/journal/known-state.js';
import { logRows } from '../../../src/dashboard/web/journal/log-rows.js';

describe('commands to copy', () => {
  it('are those of the manual', () => {
    expect(whyCommand('main', { strategy: 'sma-cross', seq: 345 })).toBe('quantai why sma-cross:345 --account main');
    expect(stateCommand('main', { strategy: '', seq: 12 })).toBe('quantai why --at account:12 --account main');
  });

  it('reach the program as meant, whatever a strategy is called', () => {
    const names = fc.sample(
      fc.string({ minLength: 1, maxLength: 12 }).filter(name => !/[\0\n\r]/.test(name)),
      20,
    );
    for (const strategy of ['it’s', "it's", '$(rm -rf x)', '`x`', '"; DROP', ...names]) {
      const command = sqlCommand('main', { strategy, seq: 7 });
      const shown = execFileSync('sh', ['-c', command.replace(/^quantai sql/, 'printf %s')], { encoding: 'utf8' });
      expect(shown).toBe(`SELECT * FROM live_events WHERE account = 'main' AND strategy = '${strategy.replaceAll("'", "''")}' AND seq = 7`);
    }
  });
});

describe('lines of the log', () => {
  const line = (at: number, text: string): LogLine => ({ at: new Date(at).toISOString(), level: 'info', text, fields: {} });

  it('have names that differ, and that stay as newer lines come', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(3), fc.constantFrom('a', 'b')), { maxLength: 20 }),
        fc.array(fc.constantFrom('a', 'b'), { maxLength: 5 }),
        (old, fresh) => {
          const before = old.map(([at, text]) => line(at, text));
          const after = [...fresh.map(text => line(9, text)), ...before];
          const rows = logRows(after);
          expect(new Set(rows.map(({ key }) => key)).size).toBe(after.length);
          expect(rows.slice(fresh.length)).toEqual(logRows(before));
        },
      ),
    );
  });
});

describe('the state after a fact', () => {
  it('is read from the document of quantai why --at', () => {
    const state = readState({
      of: 'main',
      stream: 'sma',
      seq: 3,
      ts: 9,
      type: 'OrderFilled',
      text: 'Bought.',
      streams: {
        sma: {
          cash: 12.5,
          positions: [{ symbol: 'BTC', leg: null, quantity: 0.2, entry: 100 }],
          orders: [],
          targets: { BTC: 0.5 },
          risk: { state: 'ACTIVE', code: 'calm', text: '' },
          hash: 'abc',
        },
      },
      limits: { maxExposure: 0.5, haltFlattens: true, maxGross: null, odd: {} },
      recorded: { after: 'fact 2', hash: 'abc', same: false },
    });
    expect(state.streams).toHaveLength(1);
    expect(state.streams[0]).toMatchObject({ name: 'sma', cash: 12.5, risk: { state: 'ACTIVE' } });
    expect(state.streams[0]?.lists).toEqual([
      { title: 'Positions', rows: [{ symbol: 'BTC', leg: null, quantity: 0.2, entry: 100 }] },
      { title: 'Targets', rows: [{ symbol: 'BTC', exposure: 0.5 }] },
    ]);
    expect(state.limits).toEqual([
      ['maxExposure', 0.5],
      ['haltFlattens', true],
      ['maxGross', null],
    ]);
    expect(state.recorded).toEqual({ after: 'fact 2', isSame: false });
  });

  it('is nothing where the document is another one', () => {
    fc.assert(fc.property(fc.anything(), document => Array.isArray(readState(document).streams)));
  });
});
