import { closeSync, openSync, readdirSync, readSync, fstatSync } from 'node:fs';
import { join } from 'node:path';
import type { Fact } from '../../events/fact.js';
import { factOf } from '../../journal/fact-line.js';
import { COMMIT_MARK } from '../../journal/ndjson/line-format.js';

/** Reads a journal that another process writes, at once and without a promise, so that what it holds at the very moment of an event can be told. It checks no hash. */
export interface JournalFollower {
  /** Facts committed since the last call, in order. */
  next(): readonly Fact[];
  /** Bytes after the last commit: an append that was broken off, or is under way. */
  readonly unsealed: number;
}

/** Follows the segments of a journal's folder from the beginning. */
export const journalFollower = (folder: string): JournalFollower => {
  let segment = '';
  let offset = 0;
  let unsealed = 0;

  const segments = (): string[] => {
    try {
      return readdirSync(folder)
        .filter(name => name.endsWith('.ndjson'))
        .sort();
    } catch {
      return [];
    }
  };
  const rest = (name: string): Buffer => {
    const file = openSync(join(folder, name), 'r');
    try {
      const bytes = Buffer.alloc(Math.max(0, fstatSync(file).size - offset));
      return bytes.subarray(0, readSync(file, bytes, 0, bytes.length, offset));
    } finally {
      closeSync(file);
    }
  };
  const read = (name: string, facts: Fact[]): void => {
    const bytes = rest(name);
    // A line that is half there is left for the next time.
    const mark = bytes.subarray(0, bytes.lastIndexOf('\n') + 1).lastIndexOf(COMMIT_MARK, -2);
    const sealed = mark < 0 ? 0 : bytes.indexOf('\n', mark + 1) + 1;
    for (const line of bytes.subarray(0, sealed).toString('utf8').split('\n'))
      if (line !== '' && !line.startsWith('{"commit":') && !line.startsWith('{"journal":')) facts.push(factOf(line));
    offset += sealed;
    unsealed = bytes.length - sealed;
  };

  return {
    next: () => {
      const facts: Fact[] = [];
      for (const name of segments()) {
        if (name < segment) continue;
        if (name > segment) {
          segment = name;
          offset = 0;
        }
        read(name, facts);
      }
      return facts;
    },
    get unsealed() {
      return unsealed;
    },
  };
};
