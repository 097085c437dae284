import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { practiceProcess } from './fixtures/practice-process.js';
import { measurement, type Benchmark } from './harness/benchmark.js';
import { median } from './harness/interleave.js';

/** Seconds from the start of the process. */
interface Start {
  /** Modules, the connection, markets and the strategy are there: the journal begins. */
  readonly session: number;
  /** The account was compared with the venue. */
  readonly account: number;
  /** Bars were asked for, and the strategy's engine has warmed up on them. */
  readonly engine: number;
  /** It says that it trades. */
  readonly trading: number;
}

/** Runs `quantai live` until it says that it trades, and reads in its log when it passed what. */
const startOnce = async (dist: string, workspace: string, symbol: string, account: string, threads: boolean): Promise<Start> => {
  const began = Date.now();
  const args = ['live', 'sma-cross', '--venue', 'practice', '--workspace', workspace, '--symbols', symbol, '--account', account];
  const child = spawn(process.execPath, [join(dist, 'cli.js'), ...args, '--no-watchdog', ...(threads ? [] : ['--no-threads'])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  let tradesAt = NaN;
  const over = new Promise<void>(resolve => child.once('exit', () => resolve()));
  await new Promise<void>(resolve => {
    child.stderr.on('data', (text: Buffer) => {
      said += text.toString();
      if (!/^Live session \d/m.test(said) || !Number.isNaN(tradesAt)) return;
      tradesAt = Date.now();
      child.kill('SIGINT');
      resolve();
    });
    void over.then(resolve);
  });
  const late = setTimeout(() => child.kill('SIGKILL'), 15_000);
  await over;
  clearTimeout(late);
  if (Number.isNaN(tradesAt)) throw new Error(`the session did not start: ${said}`);
  const log = (await readFile(join(workspace, 'live', account, 'session.log'), 'utf8')).trimEnd().split('\n');
  const lines = log.map(line => JSON.parse(line) as { readonly time: string; readonly type?: string; readonly strategy?: string });
  const at = (type: string, strategy?: string): number => {
    const found = lines.findLast(line => line.type === type && line.strategy === strategy);
    return found === undefined ? NaN : (Date.parse(found.time) - began) / 1e3;
  };
  return {
    session: at('SessionStarted'),
    account: at('CashMoved'),
    engine: at('RunStarted', 'sma-cross'),
    trading: (tradesAt - began) / 1e3,
  };
};

/** What a user waits for until a new account trades: the command as they type it, against a practice exchange in another process. */
export const benchmark: Benchmark = {
  run: async ({ quick, scratch, dist }) => {
    const workspace = await mkdtemp(join(scratch, 'live-start-'));
    const rounds = quick ? 2 : 5;
    const accounts = Array.from({ length: 2 * rounds + 1 }, (_, i) => `a${i}`);
    const practice = await practiceProcess(dist, workspace, { speed: 60, accounts });
    try {
      // The first one fills the caches of the disk.
      await startOnce(dist, workspace, practice.symbol, accounts[2 * rounds]!, true);
      const starts: Start[] = [];
      const inline: Start[] = [];
      for (let round = 0; round < rounds; round++) {
        starts.push(await startOnce(dist, workspace, practice.symbol, accounts[2 * round]!, true));
        inline.push(await startOnce(dist, workspace, practice.symbol, accounts[2 * round + 1]!, false));
      }
      const of = (part: (start: Start) => number): number => median(starts.map(part));
      return [
        measurement(
          'quantai live, from the start of the process to trading',
          of(start => start.trading),
          's',
        ),
        measurement(
          '  modules, ccxt, markets, strategy',
          of(start => start.session),
          's',
        ),
        measurement(
          '  account compared with the venue',
          of(({ session, account }) => account - session),
          's',
        ),
        measurement(
          '  bars asked for, engine warmed up in its thread',
          of(({ account, engine }) => engine - account),
          's',
        ),
        measurement(
          '  to the word that it trades',
          of(({ engine, trading }) => trading - engine),
          's',
        ),
        measurement('the same with --no-threads', median(inline.map(({ trading }) => trading)), 's'),
      ];
    } finally {
      await practice.close();
      await rm(workspace, { recursive: true, force: true });
    }
  },
};
