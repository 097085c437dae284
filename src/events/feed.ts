import type { Observable } from 'rxjs';
import type { Chunk, MarketKind } from './market.js';
import type { Symbol } from '../market/instrument.js';

/**
 * A stretch of market data. Every row whose `ts` (for a bar: its open) is below `to` and that no earlier slab held is in it,
 * so that everything before `to` may be played. Chunks of one kind and symbol arrive in time order. The last slab has `to` = Infinity.
 */
export interface Slab {
  readonly to: number;
  readonly chunks: readonly Chunk[];
}

/** What a feed will read, for the manifest: the exact input of a run. */
export interface InputRange {
  readonly dataset: string;
  /** SHA-256 of the dataset's manifest; `memory` for data that was never on disk. */
  readonly version: string;
  readonly kind: MarketKind;
  readonly symbol: Symbol;
  readonly timeframe?: string;
  readonly from: number;
  readonly to: number;
  readonly rows: number;
  readonly synthetic: boolean;
}

/**
 * The port through which history or a live venue enters the engine. History crosses it as columnar chunks, because an object per bar
 * through an operator costs ten times the bar's own work. Back-pressure: the next slab is fetched when the engine returns from the last.
 */
export interface Feed {
  readonly inputs: readonly InputRange[];
  readonly slabs$: Observable<Slab>;
}
