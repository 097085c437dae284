import { say } from './terminal.js';
import type { BacktestArguments } from './backtest.js';
import { runBacktest } from './run-backtest.js';
import { watchAndRun } from './watch.js';

/** Run once, or with `--watch` again and again. */
export const backtestCommand = async (args: BacktestArguments): Promise<void> => {
  if (!args.watch) {
    await runBacktest(args);
    return;
  }
  say('Watching; Ctrl-C ends.');
  await watchAndRun(args.strategy, () => runBacktest(args));
};
