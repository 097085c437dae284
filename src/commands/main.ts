import { readFileSync } from 'node:fs';
import yargs, { type Argv } from 'yargs';
import { didYouMean, failed, UserError, usageError } from '../errors.js';
import { authorise } from './authorise.js';
import { withCommands } from './commands.js';
import type { GlobalOptions } from './global-options.js';
import { withHelpFooter } from './help-footer.js';
import { useRegistry } from './registry/registry-place.js';
import { hasPresented, say, terminal, useTerminal, type Terminal } from './terminal.js';

const version = (): string => {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { version?: unknown }).version);
};

/** What yargs says about a wrong command line, as one sentence with a suggestion. */
const usageSentence = async (message: string, cli: Argv<GlobalOptions>): Promise<UserError> => {
  const help = await cli.getHelp();
  const unknown = /^Unknown (argument|command)s?: (.+)$/.exec(message);
  const fix = 'See `quantai --help`, or `--help` after a verb.';
  if (message.startsWith('Not enough non-option arguments')) {
    const [usage = ''] = help.split('\n', 1);
    return usageError('usage', `Something is missing: ${usage.trim()}`, fix);
  }
  if (!unknown) return usageError('usage', message.replace(/\s*\n\s*/g, ' '), fix);
  const words = (unknown[2] ?? '').split(', ').filter((word, i, all) => all.indexOf(word) === i);
  // yargs repeats an option in camel case.
  const [word = ''] = words;
  const options = [...help.matchAll(/--[a-z][a-z-]*/g)].map(([option]) => option);
  const verbs = [...help.matchAll(/^ {2}quantai (?:data |jobs |verify |models |fit |audit |users |settings |registry )?([a-z]+)/gm)].map(
    match => match[1] ?? '',
  );
  const kebab = word.replace(/[A-Z]/g, letter => `-${letter.toLowerCase()}`);
  const isOption = terminal().argv.some(given => given === `--${word}` || given.startsWith(`--${word}=`) || given === `-${word}`);
  return isOption
    ? usageError('unknown-option', `There is no option --${kebab}.${didYouMean(`--${kebab}`, options)}`, fix)
    : usageError('unknown-command', `"${word}" is not understood here.${didYouMean(word, verbs)}`, fix);
};

/** Options that may be given more than once. */
const REPEATABLE = new Set(['account', 'budget', 'override', 'param', 'set', 'truth']);

/** yargs turns an option given twice into a list, which nothing but a repeatable option understands. */
const refuseRepetition = (argv: readonly string[]): void => {
  const end = argv.indexOf('--');
  const names = (end < 0 ? argv : argv.slice(0, end)).flatMap(word => /^--(?:no-)?([a-z][a-z-]*)/.exec(word)?.[1] ?? []);
  const twice = names.find((name, i) => !REPEATABLE.has(name) && names.indexOf(name) !== i);
  if (twice !== undefined)
    throw usageError('given-twice', `--${twice} is given twice.`, 'Give it once; several values are separated by commas.');
};

/** yargs turns a word where a number is wanted into NaN, and forgets the word. */
const refuseNoNumber = (options: Readonly<Record<string, unknown>>): true => {
  const name = Object.keys(options).find(key => Number.isNaN(options[key]) && !/[A-Z]/.test(key));
  if (name === undefined) return true;
  const given = terminal().argv;
  const at = given.findIndex(word => word === `--${name}` || word.startsWith(`--${name}=`));
  const word = given[at]?.includes('=') === true ? given[at]?.slice(name.length + 3) : given[at + 1];
  throw usageError('no-number', `--${name} is a number, not ${word === undefined || word === '' ? 'nothing' : `"${word}"`}.`);
};

const buildCli = (argv: readonly string[]): Argv<GlobalOptions> =>
  withCommands(
    yargs([...argv])
      .scriptName('quantai')
      .usage('$0 <verb>\n\nBacktest-first research platform for crypto perpetual futures')
      .option('workspace', {
        type: 'string',
        describe: 'Folder with datasets/, reports/, ledger/ and quantai.config.ts (or set QUANTAI_HOME)',
        default: process.env['QUANTAI_HOME'] ?? '.',
        defaultDescription: 'current folder',
        global: true,
      })
      .option('json', { type: 'boolean', describe: 'One JSON document on stdout; everything else on stderr', default: false, global: true })
      .option('progress', { type: 'boolean', describe: 'Progress bar on a terminal; --no-progress for none', default: true, global: true })
      .option('as', {
        type: 'string',
        describe: 'Who gives the command, where the workspace has users (or set QUANTAI_USER)',
        global: true,
      })
      .option('registry', {
        type: 'string',
        describe: 'PostgreSQL URL of the team’s registry, "none" for the workspace by itself (or set QUANTAI_REGISTRY)',
        global: true,
      })
      .parserConfiguration({ 'duplicate-arguments-array': true, 'greedy-arrays': false, 'boolean-negation': true })
      .version(version())
      .help()
      .alias('h', 'help')
      .strict()
      .exitProcess(false)
      .showHelpOnFail(false)
      .wrap(Math.min(110, process.stdout.columns ?? 110))
      .epilogue('Exit codes: 0 ok · 1 failed · 2 usage · 3 bad data · 4 refused by a gate or risk · 130 interrupted')
      .demandCommand(1, 'Say what to do: a verb is missing.')
      .check(({ workers }) => {
        if (workers === undefined || (typeof workers === 'number' && Number.isInteger(workers) && workers >= 1 && workers <= 64))
          return true;
        throw usageError('bad-workers', `--workers is a whole number from 1 to 64, not ${String(workers)}.`);
      }, true)
      .check(refuseNoNumber, true)
      .middleware(({ registry }) => useRegistry(registry))
      .middleware(authorise),
  );

/** What the operating system refuses and the user can change. Everything else it says is a defect of ours. */
const REFUSALS: Readonly<Record<string, string>> = {
  EACCES: 'is not permitted',
  EPERM: 'is not permitted',
  EROFS: 'is not possible: the disk is read-only',
  EISDIR: 'is not possible: it is a folder',
  ENOTDIR: 'is not possible: a part of the path is a file',
  EEXIST: 'is not possible: a file has that name',
  ENOSPC: 'is not possible: the disk is full',
  EDQUOT: 'is not possible: the quota is used up',
  EMFILE: 'is not possible: too many files are open',
};

/** A refusal of the operating system as one sentence and what to do about it; anything else as it came. */
const explained = (error: unknown): unknown => {
  if (!(error instanceof Error) || !('code' in error) || !('syscall' in error)) return error;
  const why = REFUSALS[String(error.code)];
  if (why === undefined) return error;
  // The last path is the one that was to be made: of a rename, the name that would have been given.
  const path = 'dest' in error ? error.dest : 'path' in error ? error.path : undefined;
  return failed(
    'refused-by-system',
    `${typeof path === 'string' ? `Using ${path}` : 'A file operation'} ${why} (${String(error.code)}, ${String(error.syscall)}).`,
    'Check the path and its permissions, or choose another folder with --workspace or --out.',
  );
};

const show = (error: unknown, json: boolean): number => {
  const { err, out, failed: tell } = terminal();
  tell?.(error);
  const debug = process.env['QUANTAI_DEBUG'] === '1';
  const known = error instanceof UserError;
  if (json && !hasPresented()) {
    const { code, fix } = known ? error : { code: 'internal', fix: undefined };
    out(
      `${JSON.stringify({ error: { code, message: error instanceof Error ? error.message : String(error), fix: fix ?? null } }, undefined, 2)}\n`,
    );
  }
  if (known) {
    err(`${error.code === 'interrupted' ? 'interrupted' : 'error'}: ${error.message}\n`);
    if (error.fix !== undefined) err(`fix: ${error.fix}\n`);
    if (debug && error.stack !== undefined) err(`${error.stack}\n`);
    return error.exitCode;
  }
  // Not the user's mistake: a defect of ours or a corrupt datum, and the trace is what whoever mends it needs.
  err(`internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
};

/** Run the command line and say how it ended, as an exit code. `io` replaces where it prints. */
export const main = async (argv: readonly string[], io: Partial<Terminal> = {}): Promise<number> => {
  useTerminal({ ...io, argv });
  const json = argv.includes('--json');
  // What the script of `quantai completion` calls.
  const asked = argv.indexOf('--get-yargs-completions');
  if (asked >= 0) {
    const help = async (verbs: readonly string[]): Promise<string> => {
      let text = '';
      await buildCli([]).parseAsync([...verbs, '--help'], {}, (_error, _argv, output) => {
        text = output;
      });
      return text;
    };
    const { complete } = await import('./completion.js');
    for (const name of await complete(argv.slice(asked + 2), process.env['QUANTAI_HOME'] ?? '.', help)) terminal().out(`${name}\n`);
    return 0;
  }
  const cli = buildCli(argv);
  let failure: unknown;
  let text = '';
  try {
    refuseRepetition(argv);
    cli.fail((message, error) => {
      throw (error as Error | undefined) ?? new WrongUsage(message);
    });
    await cli.parseAsync([...argv], {}, (_error, _argv, output) => {
      text = output;
    });
    if (text !== '') terminal().out(`${withHelpFooter(text, argv)}\n`);
    return terminal().signal.aborted ? 130 : 0;
  } catch (error) {
    failure = error instanceof WrongUsage ? await usageSentence(error.message, cli) : error;
  }
  if (terminal().signal.aborted && !(failure instanceof UserError)) {
    say('interrupted');
    return 130;
  }
  return show(explained(failure), json);
};

class WrongUsage extends Error {}
