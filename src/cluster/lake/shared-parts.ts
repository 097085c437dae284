import type { Lake } from './lake.js';
import type { Encoded } from './shared-document.js';

/** What jobs share, by content: a document of which large columns and files are parts of their own, so that runs over the same data share them. */
export interface SharedAddress {
  /** SHA-256 of the document. */
  readonly hash: string;
  /** Of the document and all parts, bytes. */
  readonly bytes: number;
}

/** A part as a document lists it. */
export interface PartEntry {
  readonly hash: string;
  readonly bytes: number;
  /** Of a strategy's bundle: how its file is called there. */
  readonly name?: string;
}

/** The document itself. `value` names parts by their place in `parts`. */
export interface SharedDocument {
  readonly format: 1;
  readonly parts: readonly PartEntry[];
  readonly value: Encoded;
}

/**
 * Put what jobs share into the lake: typed arrays and the strategy's bundle as parts, the rest as one document that names them. Parts that are there already are not sent again. Rejects with a TypeError for what no other
 * machine could make again (a function, an object of a class).
 */
export type PublishShared = (shared: unknown, lake: Lake) => Promise<SharedAddress>;

/** Where a worker keeps what it fetches. */
export interface SharedCache {
  /** Folder for bundles of strategies. */
  readonly bundles: string;
  /** Told as parts come in, of those that were in a cache too. */
  readonly onBytes?: (bytes: number, total: number) => void;
}

/**
 * The same again on another machine: columns on SharedArrayBuffers, the bundle in a file of the worker's cache, every part verified. What was one typed array is one again; what two typed arrays shared they no longer
 * share, as jobs only read.
 */
export type FetchShared = (address: SharedAddress, lake: Lake, cache: SharedCache, signal?: AbortSignal) => Promise<unknown>;
