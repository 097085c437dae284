import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { LOG_LEVELS } from './log-levels.js';

/** What `quantai logs` is given. */
export interface LogsArguments extends GlobalOptions {
  readonly account?: string | undefined;
  readonly run?: string | undefined;
  readonly level: (typeof LOG_LEVELS)[number];
  readonly text?: string | undefined;
  readonly last: number;
  readonly follow: boolean;
}

/** `quantai logs` */
export const logs: CommandModule<GlobalOptions, LogsArguments> = {
  command: 'logs',
  describe: 'What sessions and runs said, without secrets',
  builder: cli =>
    cli
      .option('account', { type: 'string', describe: 'Log of this session; every session by default' })
      .option('run', { type: 'string', describe: 'Notes, refusals and risk of a run instead' })
      .option('level', { choices: LOG_LEVELS, default: 'info' as const, describe: 'This level and those above it' })
      .option('text', { type: 'string', describe: 'Only lines that hold this text' })
      .option('last', { type: 'number', default: 50, describe: 'Most lines' })
      .option('follow', { type: 'boolean', default: false, describe: 'Go on with lines as they are written, until Ctrl-C' })
      .conflicts('run', ['account', 'follow'])
      .example('$0 logs --account main --level warning', 'what went wrong')
      .example('$0 logs --account main --follow', 'as it happens')
      .example('$0 logs --run sma-cross-sample-1a2b3c4d', 'what a strategy noted and what was refused')
      .epilogue('The same lines as a table: quantai sql "SELECT * FROM logs". The record of an account is its journal, not its log.'),
  handler: async args => (await import('./run-logs.js')).runLogs(args),
};
