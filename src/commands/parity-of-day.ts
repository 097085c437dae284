import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { formatTime } from '../time.js';
import type { ParityOutcome } from './session-supervisor.js';

/** The built command line; under a test runner the sources are run, and the build is beside them. */
const CLI = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../dist/cli.js' : '../cli.js', import.meta.url));

/** A day that takes longer than this to replay is left alone. */
const LONGEST_MS = 30 * 60_000;
const KEPT = 2_000;

/** What `quantai parity --json` prints, as far as it is asked for. */
const Printed = z.object({ certificates: z.array(z.object({ strategy: z.string(), passed: z.boolean(), sentence: z.string() })) });

/** Whose day is compared. */
interface DayOf {
  readonly workspace: string;
  readonly account: string;
  readonly by: string;
  /** Length of a bar, ms. */
  readonly barMs: number;
  /** Ends what is under way when the session is over, which must not wait for it. */
  readonly signal: AbortSignal;
}

/**
 * Compares a strategy's day with its backtest in a process of its own, so that the session's thread does not wait for it: `quantai parity`, which writes the certificate and records it. Rejects when it says nothing.
 */
export const parityOfDay =
  ({ workspace, account, by, barMs, signal }: DayOf) =>
  (strategy: string, from: number, to: number): Promise<ParityOutcome> =>
    new Promise((resolve, reject) => {
      // A session is compared up to the bar before its last: that one is left for the next day, or bars of a day never were.
      const window = ['--from', formatTime(from - barMs), '--to', formatTime(to)];
      const words = ['parity', account, '--strategy', strategy, ...window, '--json', '--no-progress', '--workspace', workspace, '--as', by];
      // Told politely it would go on to its end, and hold up who waits for it.
      const ends = { timeout: LONGEST_MS, signal, killSignal: 'SIGKILL' } as const;
      const child = spawn(process.execPath, [CLI, ...words], { stdio: ['ignore', 'pipe', 'pipe'], ...ends });
      let printed = '';
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (printed += text));
      child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-KEPT)));
      child.on('error', reject);
      child.on('close', code => {
        try {
          // One for each stretch of one configuration.
          const found = Printed.parse(JSON.parse(printed)).certificates.filter(each => each.strategy === strategy);
          const [first] = [...found.filter(({ passed }) => !passed), ...found];
          if (first !== undefined) return resolve({ passed: first.passed, sentence: first.sentence });
        } catch {
          // What it said instead is told.
        }
        reject(new Error(`quantai parity ended with ${code}: ${said.trim()}`));
      });
    });
