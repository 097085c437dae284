import { refuseServing, serveDemo } from './demo-session.js';
import { percent, ratio } from './figures.js';
import type { DemoArguments } from './demo.js';
import { runWalkForward } from './run-walk-forward.js';
import { say } from './terminal.js';

/** Show the main job on the data that came along: a walk-forward of the textbook trend follower; with `--serve` then a session of it on a practice exchange. */
export const runDemo = async (args: DemoArguments): Promise<void> => {
  if (args.serve) await refuseServing(args);
  say(
    'A walk-forward of sma-cross on the sample data: parameters are chosen on 180 days and traded on the 60 that follow, again and again.',
  );
  const outcome = await runWalkForward(
    { ...args, strategy: 'sma-cross', dataset: 'sample', symbols: 'BTC/USDT:USDT', partial: false, points: 5, 'rank-all': false },
    ['walkforward', 'sma-cross', '--symbols', 'BTC/USDT:USDT', '--points', '5'],
  );
  if (args.json) {
    if (args.serve) await serveDemo(args);
    return;
  }
  const { outOfSample, overfitting } = outcome;
  say('');
  say(
    `Net return out of sample ${percent(outOfSample.totalReturn)}, Sharpe ${ratio(outOfSample.sharpe)}, maximum drawdown ${percent(outOfSample.maxDrawdown)}.`,
  );
  say(`Probability that it is no luck, after ${outcome.trialsEver} trials: ${percent(overfitting.dsr)}.`);
  say('');
  say(`Open in a browser: ${outcome.report}`);
  if (args.serve) {
    await serveDemo(args);
    return;
  }
  say('Next:');
  say('  quantai backtest donchian-breakout --dataset sample      another strategy');
  say('  quantai data import FILE… --dataset mine --exchange bybit --symbol BTC/USDT:USDT      your own data');
  say('  quantai init my-desk      a project with a strategy of your own');
  say('  quantai demo --serve      an exchange to practise on, a session and the dashboard');
};
