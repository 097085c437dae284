import type { Fact } from '../../events/fact.js';

/** Something that a strategy wanted, at the close of the bar on which it was decided. */
export interface Decision {
  /** The same in session and backtest: bar, symbol, kind, side, the strategy's own name and its turn among alike ones. */
  readonly key: string;
  readonly ts: number;
  readonly symbol: string;
  readonly kind: 'target' | 'order' | 'execution' | 'signal';
  /** Of a target. */
  readonly exposure: number | null;
  /** What was wanted, as people read it; two are the same when this is. */
  readonly text: string;
  /** Of a session: so long after the bar it was decided only, ms of whole bars. */
  readonly lateBy?: number;
}

/** Decisions of a stream, and the one behind each fact that began something, by `seq`. */
export interface Decisions {
  readonly all: readonly Decision[];
  readonly bySeq: ReadonlyMap<number, Decision>;
}

/** Figures that two machines computed alike and a restart may move by a last digit. */
const figure = (value: number): string => String(Number(value.toPrecision(9)));

const priced = (word: string, price: number | null): string => (price === null ? '' : ` ${word} ${figure(price)}`);

const wanted = (fact: Fact): Pick<Decision, 'kind' | 'exposure' | 'text'> & { readonly name: string; readonly symbol: string } => {
  switch (fact.type) {
    case 'TargetSet':
      return { kind: 'target', name: '', symbol: fact.symbol, exposure: fact.exposure, text: `exposure ${fact.exposure}` };
    case 'OrderRequested': {
      const { symbol, side, orderType, quantity, limit, stop, name } = fact;
      const text = `${side} ${figure(quantity)} ${orderType}${priced('at', limit)}${priced('from', stop)}`;
      return { kind: 'order', name: `${side} ${name ?? orderType}`, symbol, exposure: null, text };
    }
    case 'ExecutionRequested': {
      const { symbol, side, execution, quantity, name } = fact;
      return {
        kind: 'execution',
        name: `${side} ${name ?? execution}`,
        symbol,
        exposure: null,
        text: `${execution} ${side} ${figure(quantity)}`,
      };
    }
    case 'SignalGiven':
      return { kind: 'signal', name: '', symbol: fact.symbol, exposure: null, text: `${fact.direction} over ${fact.horizon} bars` };
    default:
      throw new RangeError(`${fact.type} is no decision`);
  }
};

/** What a strategy decided, in the order of its stream. Orders that a plan or an execution asks for belong to what it came from. */
export const decisionsOf = (facts: readonly Fact[], barMs: number): Decisions => {
  const all: Decision[] = [];
  const bySeq = new Map<number, Decision>();
  const turns = new Map<string, number>();
  for (const fact of facts) {
    if (fact.type !== 'TargetSet' && fact.type !== 'OrderRequested' && fact.type !== 'ExecutionRequested' && fact.type !== 'SignalGiven')
      continue;
    const parent = fact.correlationId === fact.seq ? undefined : bySeq.get(fact.correlationId);
    if (parent !== undefined) {
      bySeq.set(fact.seq, parent);
      continue;
    }
    const { name, ...what } = wanted(fact);
    const ts = Math.floor(fact.ts / barMs) * barMs;
    const alike = `${ts}|${what.symbol}|${what.kind}|${name}`;
    const turn = turns.get(alike) ?? 0;
    turns.set(alike, turn + 1);
    const decision: Decision = { key: `${alike}|${turn}`, ts, ...what };
    bySeq.set(fact.seq, decision);
    all.push(decision);
  }
  return { all, bySeq };
};
