import type { RunConfig } from '../../src/engine/run-config.js';
import type { Market } from '../fixtures/minute-bars.js';

/** What a rival is given to trade: the bars that our engine trades, and the costs that it is charged. */
export interface RivalWork {
  readonly market: Market;
  readonly config: RunConfig;
  /** Its packages, as one that depends on them would load them. */
  readonly load: NodeJS.Require;
  /** Folder of the adapters and of the strategies that a rival reads from files. */
  readonly folder: string;
}

/** A backtester that does the same work: sma-cross 20/50, long or flat. Its bars are made and its strategy is registered before the clock starts. */
export interface Rival {
  readonly package: string;
  /** In which of its ways, where it is measured in more than one. */
  readonly way?: string;
  /** Folder below `bench/rivals` in which it is installed. */
  readonly installed: string;
  /** It is given no more bars than this, because more take it minutes. */
  readonly largest: number;
  /** How what it does differs from what our engine does, in a sentence: whom it flatters must be known to read the figure. */
  readonly differs: string;
  /** Ready to run any number of times; a run returns how many positions it closed. */
  readonly prepare: (work: RivalWork) => () => number | Promise<number>;
}
