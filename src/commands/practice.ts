import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

/** What `quantai practice` is given. */
export interface PracticeArguments extends GlobalOptions {
  readonly dataset: string;
  readonly symbols?: string | undefined;
  readonly timeframe?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly speed: number;
  readonly port: number;
  readonly 'control-port': number;
  readonly accounts: string;
  readonly fault?: string | undefined;
  readonly seed: number;
  readonly venue: string;
  readonly paused: boolean;
}

/** `quantai practice` */
export const practice: CommandModule<GlobalOptions, PracticeArguments> = {
  command: 'practice',
  describe: 'An exchange of your own on this machine, over recorded data at any speed, to practise live trading on',
  builder: cli =>
    cli
      .option('dataset', { type: 'string', default: 'sample', describe: 'Data to play, name or name@version' })
      .option('symbols', { type: 'string', describe: 'Perpetuals to offer, separated by commas; all by default' })
      .option('timeframe', { type: 'string', describe: 'Bars to play; the shortest by default' })
      .option('from', { type: 'string', describe: 'Market time at which it opens (UTC); what lies before is history' })
      .option('to', { type: 'string', describe: 'End (UTC, exclusive)' })
      .option('speed', { type: 'number', default: 1000, describe: 'Market seconds in one second' })
      .option('port', { type: 'number', default: 0, describe: 'Port of the venue on 127.0.0.1; 0 takes a free one' })
      .option('control-port', { type: 'number', default: 0, describe: 'Port of the controls on 127.0.0.1' })
      .option('accounts', {
        type: 'string',
        default: 'main',
        describe: 'Separated by commas: name:key:secret:wallet, or a name alone for new keys and 10,000',
      })
      .option('fault', { type: 'string', normalize: true, describe: 'JSON file with a list of faults that are in force from the start' })
      .option('seed', { type: 'number', default: 1, describe: "Of the book's sizes and the faults' chances" })
      .option('venue', { type: 'string', default: 'binance', describe: 'Venue whose interface it speaks' })
      .option('paused', { type: 'boolean', default: false, describe: 'The market stands until it is started on the control port' })
      .example('$0 practice', 'the sample data at 1,000 times its pace')
      .example('$0 practice --dataset btc --speed 60 --accounts main,second', 'a minute a second, two accounts'),
  handler: async args => (await import('./run-practice.js')).runPractice(args),
};
