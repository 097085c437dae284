import { readFileSync } from 'node:fs';
import type { Argv } from 'yargs';
import { describe, expect, it } from 'vitest';
import { withCommands } from '../../../src/commands/commands.js';
import type { GlobalOptions } from '../../../src/commands/global-options.js';
import { PERMISSIONS, permissionsOf } from '../../../src/promotion/people/permissions.js';
import { ROLES, type Role } from '../../../src/promotion/people/role.js';

/** Every verb of the command line, as it registers itself. */
const verbs = (): string[] => {
  const found: string[] = [];
  const recorder = (path: readonly string[], ends: { isGroup: boolean }): unknown => {
    const self: unknown = new Proxy(() => undefined, {
      get: (_, name) =>
        name === 'command'
          ? (module: { command: string | readonly string[]; builder?: (cli: unknown) => unknown }) => {
              ends.isGroup = true;
              const [usage = ''] = typeof module.command === 'string' ? [module.command] : module.command;
              const [verb = ''] = usage.split(' ');
              const inner = { isGroup: false };
              module.builder?.(recorder([...path, verb], inner));
              if (!inner.isGroup) found.push([...path, verb].join(' '));
              return self;
            }
          : () => self,
    });
    return self;
  };
  withCommands(recorder([], { isGroup: false }) as Argv<GlobalOptions>);
  return found;
};

/**
 * The whole table once more, as docs/audit.md argues it, by who is refused: command line, then yes or no for viewer, researcher, operator, approver.
 */
const all = (commands: string, allowed: string): (readonly [command: string, allowed: string])[] =>
  commands.split(', ').map(command => [command, allowed] as const);
const TABLE: readonly (readonly [command: string, allowed: string])[] = [
  // Looking is for everybody.
  ...all('data list, data check, data export, report, compare, runs, sql, why, status, watch, doctor, logs, limits', 'yyyy'),
  ...all('models list, models show, models compare, keys list, users, users list, audit verify, audit show, audit export', 'yyyy'),
  ...all('verify fingerprint, verify replay, verify journal, verify session, completion, users key', 'yyyy'),
  ...all('dashboard, settings get, settings history, registry status', 'yyyy'),
  ...all('jobs list, jobs quarantine, jobs alarms, jobs workers', 'yyyy'),
  ...all('promote, promote strategy, approve, approve request print', 'yyyy'),
  // Trying configurations is research.
  ...all('backtest, sweep, walkforward, crossvalidate, friction, evidence, features, verify causality, demo, notebook, init', 'nynn'),
  // Data, models and paper are the daily work of both.
  ...all(
    'data import, data pull, data capture, data synth, data bars, data gc, data push, data fetch, lake, lake prune, train, forecast, fit fills, fit latency, fit own-fills',
    'nyyn',
  ),
  // The queue serves both, and jobs are done again with the same result.
  ...all('worker, jobs cancel, jobs release, queue manage', 'nyyn'),
  ...all('models rollback, practice, paper, parity, promote strategy to=paper', 'nyyn'),
  // Money is the operator's: to begin, to go on, to loosen.
  ...all('live, rehearse, watchdog, keys add, keys remove, keys rekey, settings set, limits set=x, halt resume, halt stop', 'nnyn'),
  ...all('promote strategy to=live, promote strategy ramp', 'nnyn'),
  // To stop is for whoever may run anything.
  ...all('halt, halt flatten, halt reduce, promote strategy demote, promote strategy retire', 'nyyy'),
  ...all('approve request, users add, users role, users remove', 'nnny'),
  ...all('audit anchor, registry migrate, registry import', 'nnyy'),
];

const OPTIONS = new Set([
  'set=x',
  'resume',
  'stop',
  'flatten',
  'reduce',
  'strategy',
  'to=live',
  'to=paper',
  'ramp',
  'demote',
  'retire',
  'request',
  'print',
  'prune',
]);

/** Words and options of a line of the table. */
const lineOf = (command: string) => {
  const words = command.split(' ');
  const given = words.filter((word, i) => i > 0 && OPTIONS.has(word)).map(word => word.split('='));
  return {
    words: words.filter((word, i) => i === 0 || !OPTIONS.has(word)),
    options: Object.fromEntries(given.map(([name, value = 'x']) => [name, value])),
  };
};

const isAllowed = (command: string, role: Role): boolean => {
  const { words, options } = lineOf(command);
  return permissionsOf(words, options)!.every(({ roles }) => roles.includes(role));
};

describe('the permission table', () => {
  it('has a row for every verb of the command line', () => {
    const found = verbs();
    expect(found).toContain('data gc');
    expect(found.length).toBeGreaterThan(40);
    expect(found.filter(verb => permissionsOf(verb.split(' '), {}) === null)).toEqual([]);
  });

  it.each(TABLE)('%s: %s (viewer, researcher, operator, approver)', (command, allowed) => {
    expect(ROLES.map(role => (isAllowed(command, role) ? 'y' : 'n')).join('')).toBe(allowed);
  });

  it('says of every verb and every case what each role may do', () => {
    const argued = new Set(TABLE.map(([command]) => lineOf(command).words.join(' ')));
    expect(PERMISSIONS.map(({ verb }) => verb).filter(verb => !argued.has(verb))).toEqual([]);
    const cases = PERMISSIONS.filter(({ when, isInternal }) => when !== null && when.isAbsent !== true && !isInternal);
    const tried = TABLE.map(([command]) => lineOf(command));
    for (const { verb, when } of cases)
      expect(tried.some(({ words, options }) => words.join(' ') === verb && when!.option in options)).toBe(true);
  });

  it('lets a viewer act on nothing, and nobody but an approver approve or add users', () => {
    for (const { verb, roles, recorded } of PERMISSIONS)
      if (recorded !== 'never' && verb !== 'users key') expect([verb, roles.includes('viewer')]).toEqual([verb, false]);
  });

  it('asks for every case that applies, not for the mildest', () => {
    const both = permissionsOf(['promote'], { strategy: 'x', to: 'live', demote: true })!;
    expect(both.map(({ when }) => when?.option)).toEqual(['to', 'demote']);
  });

  it('takes an option that is false or left out for not given', () => {
    for (const options of [{}, { resume: false }, { resume: undefined }]) expect(permissionsOf(['halt'], options)![0]!.when).toBeNull();
  });

  it('stops nothing that stops', () => {
    for (const command of ['halt', 'halt flatten', 'halt reduce', 'halt stop', 'promote strategy demote']) {
      const { words, options } = lineOf(command);
      expect([command, permissionsOf(words, options)!.every(({ isUrgent }) => isUrgent)]).toEqual([command, true]);
    }
    expect(permissionsOf(['halt'], { resume: true })!.some(({ isUrgent }) => isUrgent)).toBe(false);
  });
});

describe('docs/audit.md', () => {
  const page = readFileSync('docs/audit.md', 'utf8');
  const lines = page.slice(page.indexOf('## The table')).split('\n');

  it.each(TABLE.filter(([command]) => !command.includes(' print')))('says of %s what the table does: %s', (command, allowed) => {
    const { words, options } = lineOf(command);
    const verb = words.join(' ');
    const names = Object.entries(options).filter(([name]) => name !== 'strategy' && name !== 'request');
    const spelled =
      names.length === 0
        ? verb
        : `${verb} ${names.map(([name, value]) => `--${name}${value === 'x' ? '' : ` ${String(value)}`}`).join(' ')}`;
    const found = lines.filter(
      line =>
        line.startsWith('| ') &&
        (line.includes(`\`${spelled}\``) ||
          (names.length > 0 && line.includes(`\`${verb}\`, also`) && line.includes(`\`--${names[0]![0]}\``))),
    );
    const answers = found.map(line =>
      line
        .split(' | ')
        .slice(1)
        .map(cell => (cell.startsWith('yes') ? 'y' : 'n'))
        .join(''),
    );
    expect(answers).toContain(allowed);
  });
});
