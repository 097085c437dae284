import { hash } from 'node:crypto';
import type { ChainCursor } from './chain-position.js';

/** Version of the files' form. */
const FORMAT = 1;

/** What stands between the digits of a commit's hash and the next line. */
const COMMIT_END = '"}\n';
/** Bytes from the first digit of a commit's hash to the end of its line. */
export const SEAL_BYTES = 64 + COMMIT_END.length;
/** How a commit line begins, with the end of the line before it: raw line breaks and quotes stand in no JSON text, so that no fact can look like this. */
export const COMMIT_MARK = '\n{"commit":';

export const segmentName = (segment: number): string => `${String(segment).padStart(8, '0')}.ndjson`;
/** Number of a segment by its file's name; NaN for another file. */
export const segmentNumber = (name: string): number => (/^\d{8}\.ndjson$/.test(name) ? Number(name.slice(0, 8)) : NaN);

/** First line of a segment, without its end: whose journal, and where in the chain it goes on. */
export const headerLine = (account: string, { segment, commit, facts, hash: previous }: ChainCursor): string =>
  JSON.stringify({ journal: FORMAT, account, segment, commit, facts, hash: previous });

/** Whose journal a header is, and of which form; null when the line is none. */
export const readHeader = (line: string): { readonly account: string; readonly newer: boolean } | null => {
  try {
    const { journal, account } = JSON.parse(line) as { readonly journal?: unknown; readonly account?: unknown };
    return typeof journal === 'number' && typeof account === 'string' ? { account, newer: journal > FORMAT } : null;
  } catch {
    return null;
  }
};

/** A commit line up to its hash. */
export const commitHead = (commit: number, facts: number): string => `{"commit":${commit},"facts":${facts},"hash":"`;
export const commitTail = (digest: string): string => `${digest}${COMMIT_END}`;

/**
 * The hash of a commit: SHA-256 of the file's bytes from the first digit of the commit before it (from the file's beginning for the first commit of a segment, whose header holds those digits) up to
 * its own first digit. Every byte of a journal is in one of them, but for the last three, which are always the same.
 */
export const sealOf = (bytes: Uint8Array | string): string => hash('sha256', bytes, 'hex');
/** What is hashed before a block that is not its segment's first. */
export const sealStart = (previous: string): string => `${previous}${COMMIT_END}`;
