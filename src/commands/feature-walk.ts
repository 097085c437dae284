import { setImmediate } from 'node:timers/promises';
import type { Chunk } from '../events/market.js';
import type { FeatureSet } from '../features/feature-set.js';
import type { Label } from '../models/labels/label.js';
import { panelSlices } from '../models/panel-slices.js';
import { walkPanel, type PublicationDelays } from '../models/panel-walk.js';
import { RowStore } from '../models/row-store.js';

/** What to walk over, and how it is watched. */
export interface FeatureWalk {
  readonly features: FeatureSet;
  readonly label: Label;
  /** In symbol order. */
  readonly symbols: readonly string[];
  readonly timeframe: string;
  readonly delays: PublicationDelays;
  readonly chunks: readonly Chunk[];
  readonly signal: AbortSignal;
  readonly onProgress: (bars: number, now: number) => void;
}

/** Bars of time walked before the terminal is looked at. */
const SLICE = 500;

/**
 * Every row of features over the chunks with what came of it, as a run would have made them. It is walked in slices of time, so that an interrupt is heard and progress
 * seen; see `panelSlices`. Throws the signal's reason when it is aborted.
 */
export const walkFeatures = async (walk: FeatureWalk): Promise<RowStore> => {
  const { features, label, symbols, timeframe, delays, chunks, signal, onProgress } = walk;
  const store = new RowStore(features, label, symbols, Infinity);
  for (const slice of panelSlices({ symbols, timeframe, delays, chunks, to: Infinity }, SLICE)) {
    signal.throwIfAborted();
    walkPanel(slice, (_, present, futures) => store.step(present, futures));
    onProgress(store.next, slice.to);
    await setImmediate();
  }
  return store;
};
