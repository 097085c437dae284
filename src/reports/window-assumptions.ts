import type { Assumption, RunManifest } from '../engine/run-result.js';
import { assumptionsOf } from '../sim/assumptions.js';

/** The part of a manifest that says what a search's runs took for granted. */
export type SearchManifest = Pick<RunManifest, 'platform' | 'strategy' | 'config' | 'inputs'> & Partial<Pick<RunManifest, 'instruments'>>;

/** Fees, slippage, funding and the rest behind every window that a search ran; each closes what is open at its end. */
export const windowAssumptions = ({ config, instruments, inputs }: SearchManifest): Assumption[] =>
  instruments === undefined ? [] : assumptionsOf({ ...config, atEnd: 'close' }, instruments, inputs);
