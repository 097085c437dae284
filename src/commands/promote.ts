import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withRunOptions, type RunOptions } from './run-options.js';

/** What `quantai promote` is given. */
export interface PromoteArguments extends GlobalOptions, Omit<RunOptions, 'to'> {
  readonly strategy?: string | undefined;
  readonly to?: 'paper' | 'live' | undefined;
  readonly run?: string | undefined;
  readonly account?: string | undefined;
  readonly venue?: string | undefined;
  readonly size?: number | undefined;
  readonly ramp: boolean;
  readonly retire: boolean;
  readonly demote: boolean;
  readonly reason?: string | undefined;
  readonly override?: readonly string[] | undefined;
  readonly param?: readonly string[] | undefined;
  readonly confirm?: string | undefined;
  readonly 'catastrophe-stop'?: number | undefined;
  readonly 'max-loss'?: string | undefined;
}

/** `quantai promote [strategy]` */
export const promote: CommandModule<GlobalOptions, PromoteArguments> = {
  command: 'promote [strategy]',
  describe: 'Take a strategy to paper or live on its evidence, or back; alone: who stands where',
  builder: cli =>
    withRunOptions(
      cli.positional('strategy', { type: 'string', describe: 'Name, path of the file, or id of a promotion; alone, its whole history' }),
    )
      .option('to', { choices: ['paper', 'live'] as const, describe: 'Stage to enter' })
      .option('run', { type: 'string', describe: 'Run with evidence that it is promoted on; for --to paper' })
      .option('account', { type: 'string', describe: 'Account that it is to trade: paper, or main, by default' })
      .option('venue', { type: 'string', describe: 'binanceusdm, bybit, or practice' })
      .option('size', { type: 'number', describe: 'Full size, settlement asset; what is traded is the ramp’s share of it' })
      .option('ramp', { type: 'boolean', default: false, describe: 'Ask for the next share of the size' })
      .option('override', {
        type: 'string',
        array: true,
        describe: 'GATE="reason": ask another person to open a shut gate; repeatable',
      })
      .option('retire', { type: 'boolean', default: false, describe: 'Take it off its stage for good' })
      .option('demote', { type: 'boolean', default: false, describe: 'Take it off its stage; it may pass its gates again' })
      .option('reason', { type: 'string', describe: 'Why, for --retire and --demote' })
      .option('confirm', { type: 'string', describe: 'The sentence that is asked for, where there is no terminal' })
      .option('param', { type: 'string', array: true, describe: 'fast=20; those that the run chose by default; repeatable' })
      .option('catastrophe-stop', {
        type: 'number',
        describe: 'Distance of the protective stop, for the worst-case loss',
        defaultDescription: '0.1',
      })
      .option('max-loss', { type: 'string', describe: 'Loss at which the watchdog will halt, settlement asset: 500' })
      .example('$0 promote', 'every promotion and its stage')
      .example(
        '$0 promote my.ts --run my-btc-3f9a12cd --to paper --venue practice --symbols BTC/USDT:USDT',
        'judge the gates and go on paper',
      )
      .example('$0 promote my --to live --account main --venue practice --size 10000', 'ask for live; another person approves')
      .example('$0 promote my --ramp', 'ask for the next share')
      .epilogue(
        'A stage is entered when its gates pass; what they say is printed and recorded. Money needs a typed confirmation and, where users are set up, the approval of another. Exit code 4: refused.',
      ),
  handler: async args => (await import('./run-promote.js')).runPromote(args),
};
