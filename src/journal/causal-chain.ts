import type { Fact } from '../events/fact.js';
import type { OrderId } from '../events/order.js';
import type { Symbol } from '../market/instrument.js';
import { barStart, timeframeMs, type Timeframe } from '../market/timeframe.js';

/** A market datum that a fact followed from. No journal holds it: it is named, so that it can be found among the run's inputs. */
export type MarketDatum =
  /** A bar that closed. `symbol` is null where all symbols count, `late` how long after the close the fact was said, ms. */
  | {
      readonly kind: 'bar';
      readonly symbol: Symbol | null;
      readonly timeframe: Timeframe;
      readonly openTime: number;
      readonly late: number;
    }
  /** Something between two closes: a trade, a quote, a book, a timer. */
  | { readonly kind: 'moment'; readonly symbol: Symbol | null; readonly ts: number };

/** What a fact followed from. */
export type Cause =
  | MarketDatum
  /** Another fact of its stream. `when` is the market datum that set it going, where the fact itself had waited for one: a slice that was due, a plan at its horizon. */
  | { readonly kind: 'fact'; readonly seq: number; readonly when: MarketDatum | null }
  /**
   * Somebody else: the venue (a liquidation, a settlement), a person (a command, a trade by hand), the account above the strategy, the broker that looks after positions, or the run (its data ended). `code`
   * says what; `fact` is the one that tells of it, where one does, of the stream `stream`.
   */
  | {
      readonly kind: 'outside';
      readonly who: 'venue' | 'person' | 'account' | 'broker' | 'run';
      readonly code: string;
      readonly fact: Fact | null;
    }
  /** The journal does not say. */
  | { readonly kind: 'missing'; readonly text: string };

/** One fact of a chain and what it followed from. */
export interface CausalLink {
  readonly fact: Fact;
  readonly from: Cause;
}

/** What is known of a stream beside its facts. */
export interface ChainOptions {
  /** Bars that the strategy decides on, and how long after its close one is known. */
  readonly bars: { readonly timeframe: Timeframe; readonly delayMs: number } | null;
  /** The account's own stream, for a strategy of a session. Left out in a backtest, where a fact that is not said at the close of a bar did not follow from one. */
  readonly account?: readonly Fact[];
}

/** Whether the chain leads from its last fact back to something that is no fact: a bar, the venue, a person. */
export const isComplete = (chain: readonly CausalLink[]): boolean => chain.length > 0 && chain[0]?.from.kind !== 'missing';

interface OrderFacts {
  readonly approved: number;
  submitted: number;
}

const orderIdOf = (fact: Fact): OrderId | null => ('orderId' in fact ? fact.orderId : null);

/**
 * Chains of causes in one stream of facts: for the `seq` of a fact, the links that lead to it, oldest first. A fact names its cause by `causationId`; where that is a market datum, by the intent that it
 * belongs to, or by its order.
 */
export const causalChains = (facts: readonly Fact[], { bars, account }: ChainOptions): ((seq: number) => readonly CausalLink[]) => {
  const bySeq = new Map<number, Fact>();
  const orders = new Map<OrderId, OrderFacts>();
  const liquidations = new Map<OrderId, Fact>();
  let accountLiquidated: Fact | null = null;
  for (const fact of facts) {
    bySeq.set(fact.seq, fact);
    if (fact.type === 'OrderApproved') orders.set(fact.ticket.orderId, { approved: fact.seq, submitted: -1 });
    else if (fact.type === 'OrderSubmitted') {
      const order = orders.get(fact.orderId);
      if (order) order.submitted = fact.seq;
    } else if (fact.type === 'PositionLiquidated') liquidations.set(fact.orderId, fact);
    else if (fact.type === 'AccountLiquidated') accountLiquidated = fact;
  }
  const barMs = bars === null ? NaN : timeframeMs(bars.timeframe);

  const datum = (symbol: Symbol | null, ts: number): MarketDatum => {
    if (bars === null) return { kind: 'moment', symbol, ts };
    const known = ts - bars.delayMs;
    const close = barStart(known, barMs);
    if (account === undefined && close !== known) return { kind: 'moment', symbol, ts };
    return { kind: 'bar', symbol, timeframe: bars.timeframe, openTime: close - barMs, late: known - close };
  };
  const symbolOf = (fact: Fact): Symbol | null =>
    'symbol' in fact ? fact.symbol : fact.type === 'OrderApproved' ? fact.ticket.symbol : null;
  const link = (seq: number, when: MarketDatum | null = null): Cause => ({ kind: 'fact', seq, when });
  const outside = (who: Extract<Cause, { kind: 'outside' }>['who'], code: string, fact: Fact | null = null): Cause => ({
    kind: 'outside',
    who,
    code,
    fact,
  });

  /** A fill of an order that nobody here asked for: the venue closed something. */
  const closing = (fact: Fact, orderId: OrderId): Cause => {
    const told = liquidations.get(orderId);
    if (told) return outside('venue', 'liquidation', told);
    if (accountLiquidated !== null && orderId.startsWith('liquidation-')) return outside('venue', 'liquidation', accountLiquidated);
    if (orderId.startsWith('end-of-data-')) return outside('run', 'end-of-data');
    return { kind: 'missing', text: `no fact before ${fact.seq} approves order ${orderId}` };
  };
  /** Who told the account to do something says so in the moment before it is done. */
  const commandBefore = (stream: readonly Fact[], at: number): Fact | undefined =>
    stream.slice(Math.max(0, at - 2), at).findLast(each => each.type === 'OperatorCommanded' && each.ts === stream[at]?.ts);
  /** A state of risk that was decided above the strategy, and who wanted it. */
  const above = (fact: Extract<Fact, { type: 'RiskStateChanged' }>): Cause | null => {
    const at = account?.findLastIndex(
      each => each.type === 'RiskStateChanged' && each.state === fact.state && each.code === fact.code && each.ts <= fact.ts,
    );
    if (account === undefined || at === undefined || at < 0) return null;
    const changed = account[at] as Fact;
    const command = commandBefore(account, at);
    return command ? outside('person', fact.code, command) : outside('account', fact.code, changed);
  };
  /** An order of the broker's own: it closes or protects what nothing else does. What it says of it, it says in the moment before. */
  const ofBroker = (approved: Extract<Fact, { type: 'OrderApproved' }>, stream: readonly Fact[]): Cause => {
    const { symbol, stop } = approved.ticket;
    const note = stream.findLast(
      each =>
        each.type === 'NoteWritten' && each.seq < approved.seq && each.ts === approved.ts && each.text.startsWith(`closing ${symbol}: `),
    );
    return outside('broker', stop === null ? 'closing' : 'unprotected', note ?? null);
  };
  /** A fill that its strategy did not ask for: of the broker's order for all of them, or nobody's here. */
  const ofNobody = (fact: Extract<Fact, { type: 'ExternalFilled' }>): Cause => {
    const accepted =
      fact.venueOrderId === ''
        ? undefined
        : account?.find(each => each.type === 'OrderAccepted' && each.venueOrderId === fact.venueOrderId && each.symbol === fact.symbol);
    const approved = account?.find(
      each => each.type === 'OrderApproved' && accepted?.type === 'OrderAccepted' && each.ticket.orderId === accepted.orderId,
    );
    if (account !== undefined && approved?.type === 'OrderApproved') return ofBroker(approved, account);
    return outside(fact.cause === 'manual' ? 'person' : 'venue', fact.cause);
  };
  /** What the account's own stream says of its own accord: no strategy is behind it. */
  const ofAccount = (fact: Fact): Cause => {
    if (fact.type === 'OperatorCommanded' || fact.type === 'SettingChanged') return outside('person', 'command');
    const command = fact.type === 'RiskStateChanged' ? commandBefore(facts, facts.indexOf(fact)) : undefined;
    return command ? link(command.seq) : { kind: 'moment', symbol: symbolOf(fact), ts: fact.knownAt };
  };

  const causeOf = (fact: Fact): Cause => {
    if (fact.type === 'ExternalFilled') return ofNobody(fact);
    if (fact.type === 'PositionAdopted') return outside('account', fact.code);
    if (fact.type === 'FundingSettled') return outside('venue', 'funding');
    if (fact.causationId >= 0)
      return bySeq.has(fact.causationId) && fact.causationId < fact.seq
        ? link(fact.causationId)
        : { kind: 'missing', text: `fact ${fact.seq} follows from fact ${fact.causationId}, which the journal does not have before it` };
    const orderId = orderIdOf(fact);
    if (orderId !== null) {
      const order = orders.get(orderId);
      if (order === undefined || order.approved > fact.seq) return closing(fact, orderId);
      // Said without the strategy's engine, which is not run any more, or by the account itself.
      return link(order.submitted >= 0 && order.submitted < fact.seq ? order.submitted : order.approved);
    }
    if (fact.correlationId !== fact.seq && fact.correlationId >= 0)
      return bySeq.has(fact.correlationId) && fact.correlationId < fact.seq
        ? link(fact.correlationId, datum(symbolOf(fact), fact.knownAt))
        : { kind: 'missing', text: `fact ${fact.seq} belongs to fact ${fact.correlationId}, which the journal does not have before it` };
    if (fact.type === 'OrderApproved' && fact.strategy === '') return ofBroker(fact, facts);
    if (fact.type === 'OrderApproved') return { kind: 'missing', text: `fact ${fact.seq} approves an order that no fact asks for` };
    if (fact.type === 'RunStarted' || fact.type === 'InputConsumed') return outside('run', 'begun');
    if (fact.type === 'RunFinished') return outside('run', 'finished');
    if (fact.strategy === '') return ofAccount(fact);
    if (fact.type === 'RiskStateChanged') return above(fact) ?? datum(null, fact.knownAt);
    return datum(symbolOf(fact), fact.knownAt);
  };

  return seq => {
    const chain: CausalLink[] = [];
    for (let fact = bySeq.get(seq); fact !== undefined;) {
      const from = causeOf(fact);
      chain.push({ fact, from });
      fact = from.kind === 'fact' ? bySeq.get(from.seq) : undefined;
    }
    return chain.reverse();
  };
};
