import type { RunConfig } from '../../engine/run-config.js';
import type { Json } from '../../models/forecaster.js';
import type { Pins } from './pins.js';

/** The configuration of a session but for capital, which the approved size governs, and the window, which it has none of. */
export type PinnedConfig = Omit<RunConfig, 'capital' | 'from' | 'to'>;

/** What would trade now, to be held against pins. */
export interface PinSubject {
  readonly strategy: Omit<Pins['strategy'], 'params'>;
  /** Null where nobody said any: they are not compared. */
  readonly params: Pins['strategy']['params'] | null;
  readonly platform: Pins['platform'];
  /** Null where nobody said any: it is not compared. */
  readonly config: PinnedConfig | null;
  /** The recipe as data, its hash and the seed of the trainings; null for a strategy without forecasts. */
  readonly recipe: { readonly hash: string; readonly seed: number; readonly identity: Json } | null;
}

/** Where the files that pins are about lie. */
export interface PinnedPlace {
  /** The workspace's folder. */
  readonly root: string;
  /** `promotions/<id>`, absolute. */
  readonly folder: string;
  /** SHA-256 of `pins.json` as the audit log has it. */
  readonly recorded: string;
  /** Called as files are compared, in bytes. */
  readonly onProgress?: (done: number, total: number) => void;
}
