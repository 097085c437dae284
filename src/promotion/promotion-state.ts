import type { PromotableStage } from './audit/audit-record.js';

/** How far a strategy has come. */
export type Stage = 'candidate' | 'paper' | 'live' | 'demoted' | 'retired';

/** Where a promotion trades. */
export interface PromotedPlace {
  readonly account: string;
  readonly venue: string;
  readonly practice: boolean;
  /** Full size in the settlement asset, and the share of it that is traded now. */
  readonly size: number;
  readonly share: number;
  /** Since when, wall ms, and the seq of the record. */
  readonly since: number;
  readonly seq: number;
}

/** One strategy on its way, as the audit log tells it. */
export interface PromotionState {
  /** E.g. `sma-cross-3f9a12cd`: strategy and the beginning of the SHA-256 of its pins. */
  readonly id: string;
  readonly strategy: string;
  readonly run: string;
  readonly stage: Stage;
  /** SHA-256 of its pins. */
  readonly pins: string;
  /** A promotion on live keeps its place on paper. */
  readonly places: Readonly<Partial<Record<PromotableStage, PromotedPlace>>>;
  /** Gates that were opened by people instead of figures; for ever. */
  readonly overrides: readonly {
    readonly gate: string;
    readonly reason: string;
    readonly by: readonly string[];
    readonly at: number;
    readonly seq: number;
  }[];
  readonly history: readonly {
    readonly seq: number;
    readonly at: number;
    readonly actor: string;
    readonly stage: Stage;
    readonly text: string;
  }[];
}
