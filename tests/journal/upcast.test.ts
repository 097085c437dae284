import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { factLine, factOf } from '../../src/journal/fact-line.js';
import { FACT_VERSIONS, upcast, type Upcasters } from '../../src/journal/upcast.js';

/** Lines as release 0.1 wrote them, one of each type. A later release adds a file and leaves this one alone. */
const RELEASED = readFileSync('tests/journal/fixtures/facts-v1.ndjson', 'utf8').trimEnd().split('\n');

describe('facts of earlier releases', () => {
  it('are kept for every type, and read in the shape of this release', () => {
    const facts = RELEASED.map(factOf);
    expect(facts.map(({ type }) => type).sort()).toEqual(Object.keys(FACT_VERSIONS).sort());
    for (const { type, version } of facts) expect(version).toBe(FACT_VERSIONS[type]);
  });

  it('that have the shape of this release are written again byte for byte', () => {
    for (const line of RELEASED) {
      const fact = factOf(line);
      if (JSON.parse(line).version === FACT_VERSIONS[fact.type]) expect(factLine(fact)).toBe(`${line}\n`);
    }
  });

  it('go up version by version', () => {
    const steps: Upcasters = {
      NoteWritten: {
        1: old => ({ ...old, words: String(old['text']).split(' ') }),
        2: old => ({ ...old, count: (old['words'] as string[]).length }),
      },
    };
    const at = (version: number): unknown => upcast({ type: 'NoteWritten', version: 1, text: 'a b c' }, { NoteWritten: version }, steps);
    expect(at(1)).toEqual({ type: 'NoteWritten', version: 1, text: 'a b c' });
    expect(at(2)).toEqual({ type: 'NoteWritten', version: 2, text: 'a b c', words: ['a', 'b', 'c'] });
    expect(at(3)).toEqual({ type: 'NoteWritten', version: 3, text: 'a b c', words: ['a', 'b', 'c'], count: 3 });
  });

  it('of a later release are refused by name: an unknown type, and a version from the future', () => {
    const refusal = { code: 'unknown-fact', exitCode: 3 };
    expect(() => upcast({ type: 'PeaceMade', version: 1 })).toThrow(expect.objectContaining(refusal));
    expect(() => upcast({ type: 'NoteWritten', version: 2 })).toThrow('NoteWritten of version 2');
    expect(() => upcast({ type: 'toString', version: 1 })).toThrow(expect.objectContaining(refusal));
  });
});
