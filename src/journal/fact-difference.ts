import type { Fact } from '../events/fact.js';
import { formatTime } from '../time.js';

/** The first place where two runs of one strategy part. */
export interface FactDifference {
  /** `seq` of the fact concerned. */
  readonly seq: number;
  readonly type: Fact['type'];
  /** One sentence that names the fact, its time, and what is different. */
  readonly text: string;
}

/** As JSON keeps it, whatever the order of keys: what a journal cannot hold (NaN, undefined) compares as what it becomes there. */
const kept = (value: unknown): string =>
  JSON.stringify(value, (_, item: unknown) =>
    typeof item === 'object' && item !== null && !Array.isArray(item)
      ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
      : item,
  ) ?? 'null';

const named = (fact: Fact): string => {
  const of = 'orderId' in fact ? ` of ${fact.orderId}` : 'symbol' in fact ? ` in ${fact.symbol}` : '';
  return `fact ${fact.seq}, ${fact.type}${of} at ${formatTime(fact.ts)},`;
};

const fieldDifference = (recorded: Fact, again: Fact): string | null => {
  const fields: readonly [Readonly<Record<string, unknown>>, Readonly<Record<string, unknown>>] = [{ ...recorded }, { ...again }];
  for (const name of new Set(fields.flatMap(Object.keys))) {
    const [a, b] = fields.map(each => kept(each[name] ?? null));
    if (a !== b) return `${name} is ${a} in the journal and ${b} in the replay`;
  }
  return null;
};

/** Law 5, fact by fact: what a journal says against what the strategy decided and got when it ran again. Null when they are the same. */
export const firstDifference = (recorded: readonly Fact[], again: readonly Fact[]): FactDifference | null => {
  for (let i = 0; i < Math.max(recorded.length, again.length); i++) {
    const [a, b] = [recorded[i], again[i]];
    if (a !== undefined && b !== undefined && a.seq === b.seq) {
      const difference = fieldDifference(a, b);
      if (difference !== null) return { seq: a.seq, type: a.type, text: `${named(a)} differs: ${difference}.` };
      continue;
    }
    if (b !== undefined && !recorded.some(({ seq }) => seq === b.seq))
      return { seq: b.seq, type: b.type, text: `${named(b)} is in the replay and missing from the journal.` };
    if (a !== undefined && !again.some(({ seq }) => seq === a.seq))
      return { seq: a.seq, type: a.type, text: `${named(a)} is in the journal and not in the replay.` };
    const early = a ?? b;
    if (early !== undefined)
      return {
        seq: early.seq,
        type: early.type,
        text: `${named(early)} is out of its order in the journal${b && a ? `: fact ${b.seq} is due there` : ''}.`,
      };
  }
  return null;
};
