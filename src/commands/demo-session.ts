import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { failed, usageError } from '../errors.js';
import { demoProcess, type DemoProcess } from './demo-process.js';
import type { DemoArguments } from './demo.js';
import { say, terminal } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** The exchange reads the sample and is there within this. */
const OPENING_MS = 60_000;
const PATIENCE_MS = 15_000;

/** Half of the sample lies before its opening, as history to warm up on. */
const OPENING = '2024-01-01';
const SYMBOLS = 'BTC/USDT:USDT,ETH/USDT:USDT,SOL/USDT:USDT';

const isRunning = (pid: unknown): boolean => {
  try {
    return typeof pid === 'number' && process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Throws where `--serve` cannot be done, before anything is computed. Two exchanges cannot share a workspace: sessions would not know which is meant. */
export const refuseServing = async (args: DemoArguments): Promise<void> => {
  if (!(args.speed > 0)) throw usageError('bad-speed', 'The speed must be above 0.', 'Leave --speed out for a bar every two seconds.');
  const file = join(workspaceAt(args.workspace).root, 'practice.json');
  if (!existsSync(file)) return;
  const { pid } = JSON.parse(await readFile(file, 'utf8').catch(() => '{}')) as { readonly pid?: unknown };
  if (isRunning(pid))
    throw usageError(
      'practice-runs',
      `A practice exchange runs in this workspace already (process ${String(pid)}).`,
      'End it, or choose another folder with --workspace.',
    );
};

/** Each demo has an account of its own: its exchange opens at the same moment of the market again. */
const accountName = (): string => `demo-${new Date().toISOString().replace(/\D/g, '').slice(2, 14)}`;

const interrupted = (signal: AbortSignal): Promise<'interrupted'> =>
  new Promise(resolve => {
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => resolve('interrupted'), { once: true });
  });

/**
 * Goes on after the report: a practice exchange that plays the sample, a paper session of sma-cross on it and the dashboard, in processes of their own, until Ctrl-C or until one of them ends. Throws where one ends by itself with a
 * failure.
 */
export const serveDemo = async (args: DemoArguments): Promise<void> => {
  await refuseServing(args);
  const { root } = workspaceAt(args.workspace);
  const place = ['--workspace', root, '--no-progress', ...(args.as === undefined ? [] : ['--as', args.as])];
  const running: DemoProcess[] = [];
  const lost = (part: DemoProcess): Promise<string> => part.ended.then(how => `${part.name} has ended (${how})`);
  const stop = interrupted(terminal().signal);
  let lastWords: string[] = [];
  const heardBy =
    (name: string, isShown: (line: string) => boolean) =>
    (line: string): void => {
      lastWords = [...lastWords.slice(-9), `${name}: ${line}`];
      if (isShown(line)) say(`  ${line.trim()}`);
    };
  try {
    say('');
    say('PRACTICE from here on: an exchange on this computer plays the synthetic sample. No order leaves it and no money is at stake.');
    let open: () => void;
    const isOpen = new Promise<'open'>(resolve => (open = () => resolve('open')));
    const exchange = demoProcess(
      'the practice exchange',
      ['practice', '--dataset', 'sample', '--symbols', SYMBOLS, '--from', OPENING, '--speed', String(args.speed), ...place],
      {
        out: line => {
          if (line.startsWith('Ctrl-C')) open();
          heardBy('practice', () => false)(line);
        },
        err: heardBy('practice', line => /^(?:warning|WARNING|error)/.test(line)),
      },
    );
    running.unshift(exchange);
    const late = new Promise<string>(resolve => setTimeout(() => resolve('the practice exchange did not open'), OPENING_MS).unref());
    const opened = await Promise.race([isOpen, lost(exchange), stop, late]);
    if (opened === 'interrupted') return;
    if (opened !== 'open') throw failed('demo-ended', `${opened}. ${lastWords.at(-1) ?? ''}`, 'See `quantai doctor`.');
    const account = accountName();
    const options = ['--venue', 'practice', '--symbols', SYMBOLS, '--timeframe', '1h', '--param', 'fast=5', '--param', 'slow=20'];
    const session = demoProcess(
      'the session',
      ['paper', 'sma-cross', ...options, '--account', account, '--dashboard', String(args.port), ...place],
      { out: heardBy('paper', () => false), err: heardBy('paper', () => true) },
    );
    running.unshift(session);
    say(`sma-cross trades on paper as account ${account}, a bar every ${(3600 / args.speed).toFixed(1)} seconds. The session says:`);
    const over = await Promise.race([lost(session), lost(exchange), stop]);
    if (over !== 'interrupted') {
      const error = lastWords.findLast(line => line.includes('error:')) ?? '';
      throw failed('demo-ended', `${over}. ${error}`.trim(), 'See `quantai doctor`, or choose another --port.');
    }
    say('');
    say('Ending the session, then the exchange.');
  } finally {
    // The session first: it takes leave of an exchange that is still there.
    for (const part of running) await part.end(PATIENCE_MS);
  }
};
