/** One step of a causal chain, as `quantai why --json` has it. */
export interface WhyStep {
  readonly stage: string;
  /** The fact's number in its stream; null for a market datum and for what was worked out. */
  readonly seq: number | null;
  /** The stream, where it is another than that of the question. */
  readonly stream: string | null;
  readonly ts: number;
  readonly text: string;
}

/** What the why-view shows. */
export interface Why {
  readonly stream: string;
  readonly fact: number;
  readonly orderId: string | null;
  readonly symbol: string | null;
  readonly isComplete: boolean;
  readonly verdict: string | null;
  /** Why indicators are not shown. */
  readonly note: string | null;
  readonly steps: readonly WhyStep[];
  readonly consequences: readonly WhyStep[];
}

type Json = Readonly<Record<string, unknown>>;
const record = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {});
const text = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);
const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);

const steps = (value: unknown): readonly WhyStep[] =>
  (Array.isArray(value) ? value : []).map(each => {
    const { stage, seq, stream, ts, text: said } = record(each);
    return { stage: text(stage) ?? 'fact', seq: number(seq), stream: text(stream), ts: number(ts) ?? NaN, text: text(said) ?? '' };
  });

/** Reads the document of `accounts.why`. What it lacks is empty: a document of another release still shows what it has. */
export const readWhy = (document: unknown): Why => {
  const { stream, fact, orderId, symbol, causes, indicators, verdict } = record(document);
  const { complete, steps: chain, consequences } = record(causes);
  return {
    stream: text(stream) ?? 'account',
    fact: number(fact) ?? NaN,
    orderId: text(orderId),
    symbol: text(symbol),
    isComplete: complete === true,
    verdict: text(verdict),
    note: text(indicators),
    steps: steps(chain),
    consequences: steps(consequences),
  };
};
