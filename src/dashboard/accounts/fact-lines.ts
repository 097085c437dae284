import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact } from '../../events/fact.js';
import { factOf } from '../../journal/fact-line.js';
import { segmentName } from '../../journal/ndjson/line-format.js';
import { payloadOf } from '../../live/record/decision-of-fact.js';
import type { UnitsOf } from '../../reports/causes/fact-sentence.js';
import type { FactLine } from '../api/accounts-api.js';
import type { FactFilter, FactIndex } from './fact-index.js';
import { sessionSentence } from './session-sentence.js';

/** A fact as the API shows it. */
export const factView = (fact: Fact, position: number, unitsOf: UnitsOf): FactLine => {
  const { seq, strategy, type, ts, knownAt, correlationId, causationId } = fact;
  const text = sessionSentence(fact, unitsOf);
  return { position, seq, strategy, type, ts, knownAt, correlationId, causationId, text, payload: payloadOf(fact) };
};

/** Lines that lie so near each other are read at once. */
const NEAR = 1 << 16;

/** Facts at these positions, which ascend, read from the journal's files. */
export const readFacts = async (folder: string, index: FactIndex, positions: readonly number[]): Promise<readonly Fact[]> => {
  const facts: Fact[] = [];
  for (let i = 0; i < positions.length;) {
    const first = index.placeOf(positions[i]!);
    let last = first;
    let count = 1;
    for (; i + count < positions.length; count++) {
      const next = index.placeOf(positions[i + count]!);
      if (next.segment !== first.segment || next.byte - (last.byte + last.bytes) > NEAR) break;
      last = next;
    }
    const file = await open(join(folder, segmentName(first.segment)), 'r');
    try {
      const bytes = Buffer.alloc(last.byte + last.bytes - first.byte);
      await file.read(bytes, 0, bytes.length, first.byte);
      for (let k = 0; k < count; k++) {
        const { byte, bytes: length } = index.placeOf(positions[i + k]!);
        facts.push(factOf(bytes.toString('utf8', byte - first.byte, byte - first.byte + length)));
      }
    } finally {
      await file.close();
    }
    i += count;
  }
  return facts;
};

/** What is looked for among the facts of a journal. */
export interface FactQuery extends FactFilter {
  readonly after?: number | undefined;
  readonly before?: number | undefined;
  /** Part of the type, the strategy or the payload, whatever its case. */
  readonly text?: string | undefined;
  /** The one fact of this number in the stream of `strategy`: each stream counts its own from 0, without a hole. */
  readonly seq?: number | undefined;
  readonly limit: number;
}

/** Facts that are read at once in a search for text. */
const STRETCH = 2_000;

/** Positions that match, in the order that is asked for (oldest first behind `after`, else newest first), and how many match in all, whatever the page. */
export const findFacts = async (
  folder: string,
  index: FactIndex,
  query: FactQuery,
): Promise<{ readonly positions: readonly number[]; readonly total: number }> => {
  const { after, before, text, seq, limit } = query;
  const wanted = text?.toLowerCase() ?? '';
  const isAscending = after !== undefined;
  const [low, high] = [after ?? 0, before ?? Infinity];
  const { length } = index;
  const all: number[] = [];
  for (let position = 1; position <= length; position++) if (index.matches(position, query)) all.push(position);
  let found = seq === undefined ? all : all.slice(seq, seq + 1);
  if (wanted !== '') {
    found = [];
    for (let i = 0; i < all.length; i += STRETCH) {
      const stretch = all.slice(i, i + STRETCH);
      const facts = await readFacts(folder, index, stretch);
      facts.forEach((fact, k) => {
        const said = `${fact.type} ${fact.strategy} ${JSON.stringify(payloadOf(fact))}`.toLowerCase();
        if (said.includes(wanted)) found.push(stretch[k]!);
      });
    }
  }
  const within = found.filter(position => position > low && position < high);
  return { positions: isAscending ? within.slice(0, limit) : within.slice(-limit).reverse(), total: found.length };
};
