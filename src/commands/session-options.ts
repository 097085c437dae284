import type { Argv } from 'yargs';
import type { GlobalOptions } from './global-options.js';
import { withRunOptions, type RunOptions } from './run-options.js';

/** What `paper` and `live` are given. */
export interface SessionArguments extends GlobalOptions, RunOptions {
  readonly strategies: readonly string[];
  readonly venue?: string | undefined;
  readonly account?: string | undefined;
  readonly budget?: readonly string[] | undefined;
  readonly param?: readonly string[] | undefined;
  readonly history?: number | undefined;
  readonly threads: boolean;
  readonly capture: boolean;
  readonly for?: string | undefined;
  readonly 'metrics-port'?: number | undefined;
  readonly dashboard?: string | undefined;
}

/** What only `live` is given. */
export interface LiveArguments extends SessionArguments {
  readonly keys?: string | undefined;
  readonly 'key-file'?: string | undefined;
  readonly sandbox: boolean;
  readonly confirm?: string | undefined;
  readonly 'flatten-on-halt': boolean;
  readonly 'catastrophe-stop'?: number | undefined;
  readonly watchdog: boolean;
  readonly 'max-loss'?: string | undefined;
  readonly 'watchdog-after': string;
  readonly 'watchdog-grace': string;
}

/** Declare what both have. */
export const withSessionOptions = <T>(cli: Argv<T>): Argv<T & Omit<SessionArguments, keyof GlobalOptions>> =>
  withRunOptions(
    cli
      .positional('strategies', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Built-in names, or paths of .ts files; several share the account',
      })
      .option('venue', { type: 'string', describe: 'binanceusdm, bybit, or practice for the exchange that `quantai practice` runs' })
      .option('account', { type: 'string', describe: 'Name of the account and of its journal' })
      .option('budget', {
        type: 'string',
        array: true,
        describe: 'What a strategy may use, settlement asset: 5000, or NAME=5000 for each of several',
      })
      .option('param', { type: 'string', array: true, describe: 'fast=20, or NAME.fast=20 for one of several strategies; repeatable' })
      .option('history', { type: 'number', describe: 'Bars to warm up on; what the strategies need by default' })
      .option('threads', { type: 'boolean', default: true, describe: 'Each strategy in a thread of its own, without keys' })
      .option('capture', { type: 'boolean', default: true, describe: 'Keep everything that is received, to be imported as a dataset' })
      .option('for', { type: 'string', describe: 'Stop after so long (wall time), e.g. 8h' })
      .option('dashboard', {
        type: 'string',
        describe: 'Serve the dashboard, in a process of its own, on this port of 127.0.0.1; 4780 without one',
      })
      .option('metrics-port', { type: 'number', describe: 'Serve /health and /metrics on this port of 127.0.0.1' }),
  );
