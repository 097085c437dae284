import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { failed, UserError } from '../../errors.js';
import type { Platform } from '../../dashboard/platform.js';
import { actorName } from '../actor.js';
import { beginCommand } from './begin-command.js';
import { commandEnvironment, heardEnvironment } from './command-environment.js';
import { commandPool } from './command-pool.js';
import type { WorkerAnswer } from './command-worker.js';
import { knownPeople } from './known-people.js';

/** What the platform of a dashboard is made with. */
export interface PlatformOptions {
  readonly workspace: string;
  /** Who has all roles while no people are set up; the user of the operating system when left out. */
  readonly owner?: string;
  /** Processes that answer; 3 when left out. */
  readonly processes?: number;
  /** Until a caller is told that a command takes too long, ms; 60 s when left out. */
  readonly patienceMs?: number;
  /** Commands after which a process is replaced; 500 when left out. */
  readonly commands?: number;
}

const PATIENCE_MS = 60_000;
const COMMANDS = 500;
const HEAP_MB = 300;

// Processes run what was built, in tests too.
const built = (file: string): URL =>
  new URL(import.meta.url.endsWith('.ts') ? `../../../dist/commands/dashboard/${file}` : `./${file}`, import.meta.url);

const versionOf = (): string => {
  const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');
  return String((JSON.parse(text) as { readonly version?: unknown }).version);
};

/** What a command that failed threw. A command that has given its document and ends with another code than 0 says there what is wrong. */
const refusalOf = ({ failure, exitCode, said }: WorkerAnswer): Error => {
  if (failure === null)
    return exitCode === 130
      ? new UserError('interrupted', 'The command was interrupted.', 130)
      : failed('command-failed', said.trim() || `The command ended with code ${exitCode}.`);
  const { code, message, fix, exitCode: refused } = failure;
  return refused === null ? new Error(message) : new UserError(code, message, refused, fix ?? undefined);
};

/**
 * The platform as a dashboard asks it: the command line itself, in warm processes and, for long work, in its own. What a page asks for is therefore checked, refused and recorded as if it had been typed. The caller closes it; jobs that
 * run end with this process.
 */
export const createPlatform = (options: PlatformOptions): Platform & { close(): Promise<void> } => {
  const workspace = resolve(options.workspace);
  const { owner = actorName({}), processes = 3, patienceMs = PATIENCE_MS, commands = COMMANDS } = options;
  const pool = commandPool(Math.max(2, processes), {
    entry: built('command-worker.js'),
    folder: workspace,
    env: commandEnvironment(process.env),
    patienceMs,
    commands,
    heapMb: HEAP_MB,
  });
  const given = (words: readonly string[], as: string): string[] => [...words, '--as', as, '--workspace', workspace];
  return {
    workspace,
    version: versionOf(),
    owner,
    people: knownPeople(workspace),
    ask: async (words, as, { stdin = null }: { readonly stdin?: string | null } = {}) => {
      const answer = await pool.run([...given(words, as), '--json', '--no-progress'], stdin);
      if (!answer.hasDocument && (answer.failure !== null || answer.exitCode !== 0)) throw refusalOf(answer);
      return answer.out.trim() === '' ? null : (JSON.parse(answer.out) as unknown);
    },
    tell: async (words, as) => {
      const answer = await pool.run([...given(words, as), '--no-progress'], null);
      if (!answer.hasDocument && (answer.failure !== null || answer.exitCode !== 0)) throw refusalOf(answer);
      return answer.out.trimEnd();
    },
    begin: (words, as, heard) =>
      beginCommand({
        entry: built('command-process.js'),
        argv: [...given(words, as), '--json'],
        folder: workspace,
        env: heardEnvironment(process.env),
        ...heard,
      }),
    close: () => pool.close(),
  };
};
