/**
 * A place in a live journal behind a whole commit. Everything before it is one chain of hashes that ends in `hash`: whoever kept a position knows when a journal is no longer the one that it was.
 */
export interface ChainPosition {
  /** Number of the segment, from 1. */
  readonly segment: number;
  /** Bytes of that segment before the position. */
  readonly byte: number;
  /** Commits and facts before the position. */
  readonly commit: number;
  readonly facts: number;
  /** Hash of the last commit, 64 hex digits; zeros before the first. */
  readonly hash: string;
  /** `seq` of the next fact of each stream, by strategy. */
  readonly next: Readonly<Record<string, number>>;
}

/** The beginning of any journal. */
export const START: ChainPosition = { segment: 1, byte: 0, commit: 0, facts: 0, hash: '0'.repeat(64), next: {} };

/** A position that moves. `line` counts the lines of the segment before it. */
export interface ChainCursor {
  segment: number;
  byte: number;
  line: number;
  commit: number;
  facts: number;
  hash: string;
  readonly next: Map<string, number>;
}

/** A cursor at a position; `line` is to be set by whoever knows the segment's bytes. */
export const cursorAt = ({ next, ...place }: ChainPosition): ChainCursor => ({ ...place, line: 0, next: new Map(Object.entries(next)) });

export const positionOf = ({ segment, byte, commit, facts, hash, next }: ChainCursor): ChainPosition => ({
  segment,
  byte,
  commit,
  facts,
  hash,
  next: Object.fromEntries(next),
});
