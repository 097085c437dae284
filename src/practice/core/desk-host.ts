import type { PracticeEvent } from '../practice-exchange.js';
import type { PracticeConfig } from './exchange-options.js';
import type { Disturbance } from './funding-board.js';
import type { SymbolState } from './symbol-state.js';
import type { VenueIds } from './venue-ids.js';

/** What an account asks of the exchange that it is kept at. */
export interface DeskHost {
  readonly states: readonly SymbolState[];
  readonly config: PracticeConfig;
  readonly ids: VenueIds;
  /** Market time. */
  now(): number;
  last(symbol: number): number;
  mark(symbol: number): number;
  say(event: PracticeEvent): void;
  disturbance(symbol: number, at: number): Disturbance | null;
  /** At market time `at`, or now if that is over, do this. */
  later(at: number, action: () => void): void;
}

/** Venues stamp in whole milliseconds; a match on a path is at any fraction of one. */
export const stamp = (ts: number): number => Math.floor(ts);
