import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codeText, codeWords } from '../../../src/dashboard/web/orders/code-words.js';
import { alarmAdvice } from '../../../src/dashboard/web/risk/alarm-advice.js';
import { cannotNow, SESSION_COMMANDS } from '../../../src/dashboard/web/risk/commands.js';
import { STATE_MEANING, TRANSITIONS, wayOut } from '../../../src/dashboard/web/risk/risk-exits.js';
import { COMMANDS } from '../../../src/dashboard/api/accounts-api.js';
import { permissionsOf } from '../../../src/promotion/people/permissions.js';

const page = (name: string): string => readFileSync(join(import.meta.dirname, '../../../docs', name), 'utf8');

describe('codes in words', () => {
  it('cover every code of the gate that the manual names', () => {
    const rows = page('risk.md')
      .split('\n')
      .filter(line => line.startsWith('| `'));
    const codes = rows.flatMap(
      row =>
        row
          .split('|')
          .at(-2)
          ?.match(/`([a-z-]+)`/)?.[1] ?? [],
    );
    expect(codes.length).toBeGreaterThan(15);
    expect(codes.filter(code => codeWords(code) === null)).toEqual([]);
  });

  it('cover every refusal that gate, engine and broker write down in the source', () => {
    const root = join(import.meta.dirname, '../../../src');
    const files = ['risk', 'engine'].flatMap(folder => readdirSync(join(root, folder)).map(file => join(root, folder, file)));
    const codes = new Set(
      files
        .filter(file => file.endsWith('.ts'))
        .flatMap(file => [...readFileSync(file, 'utf8').matchAll(/\bcode: '([a-z-]+)'/g)].map(([, code]) => code!)),
    );
    // What a person is told at the door when limits are changed; its sentence is shown as it is.
    for (const atTheDoor of ['bad-limit', 'unknown-limit', 'reason-needed', 'bad-account', 'unknown-strategy']) codes.delete(atTheDoor);
    expect([...codes].filter(code => codeWords(code) === null)).toEqual([]);
  });

  it('keep the code for those who search for it, and show a code that nobody knows as it is', () => {
    expect(codeText('max-exposure')).toBe('too much of the equity in one symbol (max-exposure)');
    expect(codeText('strategy-failed:sma-cross')).toContain('strategy-failed:sma-cross');
    expect(codeText('something-new')).toBe('something-new');
  });
});

describe('what to do about an alarm', () => {
  it('is there for every alarm of the manual', () => {
    const table = page('sessions.md').split('## When an alarm comes')[1] ?? '';
    const alarms = [...table.matchAll(/^\| `([a-z-]+(?::[a-z-]+)?)[`:]/gm)].map(([, code]) => code!);
    expect(alarms.length).toBeGreaterThan(8);
    expect(alarms.filter(code => alarmAdvice(code) === null)).toEqual([]);
    expect(alarmAdvice('strategy-failed:sma-cross')).not.toBeNull();
    expect(alarmAdvice('unheard-of')).toBeNull();
  });
});

describe('commands', () => {
  const running = { risk: 'ACTIVE', running: true } as const;

  it('are all there, and each is for the roles that the command line asks for', () => {
    expect(SESSION_COMMANDS.map(({ command }) => command).toSorted()).toEqual([...COMMANDS].toSorted());
    for (const { command, roles } of SESSION_COMMANDS) {
      const options = command === 'resume' ? { resume: true } : command === 'stop' ? { stop: true } : {};
      const asked = permissionsOf(['halt'], options)?.map(row => row.roles) ?? [];
      expect(asked.length).toBeGreaterThan(0);
      for (const each of asked) expect([...roles].toSorted(), command).toEqual([...each].toSorted());
    }
  });

  it('are offered only where they make sense, and a halt always', () => {
    const now = (command: string, account: Parameters<typeof cannotNow>[1], roles: readonly string[] = ['operator']) =>
      cannotNow(
        SESSION_COMMANDS.find(each => each.command === command)!,
        account,
        roles,
      );
    expect(now('halt', { risk: 'HALTED', running: false })).toBeNull();
    expect(now('resume', running)).not.toBeNull();
    expect(now('resume', { ...running, risk: 'HALTED' })).toBeNull();
    expect(now('reduce', { ...running, risk: 'HALTED' })).not.toBeNull();
    expect(now('cancel-all', { ...running, running: false })).not.toBeNull();
    expect(now('halt', running, ['viewer'])).toContain('operator');
    expect(now('stop', running, ['researcher'])).toContain('operator');
  });
});

describe('the drawn state machine', () => {
  it('names every state, and a way out of each', () => {
    for (const state of ['ACTIVE', 'REDUCING', 'HALTED'] as const) {
      expect(STATE_MEANING[state]).not.toBe('');
      expect(wayOut(state, null)).toMatch(/\.$/);
      expect(TRANSITIONS.some(({ from }) => from === state)).toBe(true);
    }
    expect(wayOut('REDUCING', 'daily-loss')).toContain('midnight');
    expect(wayOut('REDUCING', 'drift')).toContain('quiet');
    expect(wayOut('HALTED', 'max-drawdown')).toContain('operator');
  });
});
