import { openEnvelope, type VenueEvent } from '../../execution/venue.js';
import { settlementAsset, type Instrument, type Symbol } from '../../market/instrument.js';
import { units, type Lots, type Units } from '../../market/units.js';
import type { OrderId } from '../../events/order.js';
import type { AccountWord, Word } from '../word.js';
import type { VenueOrder } from '../venue-transport.js';
import type { BrokerConfig } from './broker-config.js';
import { AgedMap } from './aged-map.js';
import { evolve, type BrokerState, type StateFact } from './broker-state.js';
import type { BrokerPorts } from './live-broker.js';
import type { MarketRules } from './market-rules.js';
import type { Priority, RequestBudget } from './request-budget.js';

/** What the broker tells of orders, positions and cash. */
export type BrokerWord = Extract<
  Word,
  { type: Exclude<VenueEvent['type'], 'OrderAmended' | 'AmendRejected' | 'AccountLiquidated' | 'PositionLiquidated'> }
>;
export type AmendWord = Extract<Word, { type: 'OrderAmended' | 'AmendRejected' }>;

/** What the parts of the broker share. */
export interface BrokerCore {
  readonly ports: BrokerPorts;
  readonly config: BrokerConfig;
  readonly state: BrokerState;
  readonly instruments: readonly Instrument[];
  readonly budget: RequestBudget;
  /** The asset that the account is kept in. */
  readonly reporting: string;
  /** Rules of the markets as last loaded. */
  readonly rules: Map<Symbol, MarketRules>;
  /** Changes whenever something was booked or answered: what was fetched across a change proves nothing. */
  activity: number;
  /** Nothing that opens exposure is sent. */
  isHalted: boolean;
  /** Another session owns the account: nothing is sent at all. */
  isFenced: boolean;
  isClosed: boolean;
  /** Orders that the venue has ended and whose fills we do not have yet. */
  readonly settling: Map<OrderId, { order: VenueOrder; polls: number }>;
  /** Orders whose request is on the wire or waits for its turn. */
  readonly inFlight: Set<OrderId>;
  /** Reducing orders that the venue does not hold to reducing, because strategies hold the symbol together, with the lots that it was asked for: they protect one of them and not the account. */
  readonly unbound: Map<OrderId, Lots>;
  /** Monotonic time at which an order may have left. */
  readonly sentAt: AgedMap<number>;
  /** Last price at the moment at which an order left, quote currency; NaN when it was unknown. */
  readonly priceAt: AgedMap<number>;
  /** What the venue said of ids that no fact holds, by `venueKey`: ours by another id than that of the acknowledgement, or nobody's. */
  readonly named: AgedMap<OrderId | null>;
  /** The markets' rules are being asked for because they have changed. */
  reloading: Promise<void> | null;
  /** Booking units of a symbol; undefined for one that the account does not trade. */
  unitsOf(symbol: Symbol): Units | undefined;
  /** Market time. */
  now(): number;
  /** Book a word and tell it to whom it concerns. */
  say(strategy: string, word: BrokerWord): void;
  sayAmended(strategy: string, word: AmendWord): void;
  /** Words of the account itself; resolves when they are durable. */
  record(words: readonly AccountWord[]): Promise<void>;
  alarm(code: string, isUp: boolean, text: string, severity?: 'warning' | 'critical'): void;
  /** Value of one unit of an asset in the reporting asset; NaN when nobody says. */
  priceOf(asset: string): number;
  /** Ask the venue something whose answer counts from the moment at which the question left, which may be long after it was put: market time. */
  ask<T>(priority: Priority, weight: number, send: () => Promise<T>): Promise<{ readonly answer: T; readonly askedAt: number }>;
  /** Another session is at work on the account, by what the venue shows. */
  fence(text: string): void;
  /** The account is another session's: nothing leaves any more. */
  lose(): void;
  /** Hears the code of each order or amendment that was refused. */
  onRefused: (code: string) => void;
  /** Hears that the stream and the venue's own list tell an execution differently. */
  onDisagreement: () => void;
}

export type CoreParts = Pick<BrokerCore, 'ports' | 'config' | 'state' | 'instruments' | 'budget'> & {
  readonly watch: (code: string, isUp: boolean, text: string, severity: 'warning' | 'critical') => readonly AccountWord[];
};

export const brokerCore = ({ ports, config, state, instruments, budget, watch }: CoreParts): BrokerCore => {
  const bookingUnits = new Map(instruments.map(instrument => [instrument.symbol, units(instrument)]));
  const reporting = config.reportingAsset ?? settlementAsset(instruments[0]?.symbol ?? '');
  let { turnedAt } = state;
  /** What is remembered of orders beside the state is forgotten with them. */
  const book = (fact: StateFact): void => {
    evolve(state, fact);
    if (state.turnedAt === turnedAt) return;
    turnedAt = state.turnedAt;
    for (const map of [core.sentAt, core.priceAt, core.named]) map.turn();
    for (const orderId of core.unbound.keys()) if (!state.open.get(orderId)) core.unbound.delete(orderId);
  };
  const record = (words: readonly AccountWord[]): Promise<void> => {
    if (words.length === 0) return Promise.resolve();
    for (const word of words) book({ ...word, strategy: '' });
    const durable = ports.record(words);
    // A disk that failed is the session's to handle; who must wait for it awaits the same promise.
    durable.catch(() => undefined);
    return durable;
  };
  const core: BrokerCore = {
    ports,
    config,
    state,
    instruments,
    budget,
    reporting,
    rules: new Map(),
    activity: 0,
    isHalted: false,
    isFenced: false,
    isClosed: false,
    settling: new Map(),
    inFlight: new Set(),
    unbound: new Map(),
    sentAt: new AgedMap(),
    priceAt: new AgedMap(),
    named: new AgedMap(),
    reloading: null,
    unitsOf: symbol => bookingUnits.get(symbol),
    now: () => ports.clock.market(),
    say: (strategy, word) => {
      core.activity++;
      if (strategy === '') {
        void record([word]);
        return;
      }
      book({ ...word, strategy });
      ports.tell(strategy, { ...openEnvelope(word.ts), ...word });
    },
    sayAmended: (strategy, word) => {
      core.activity++;
      book({ ...word, strategy });
      if (strategy !== '') ports.tell(strategy, { ...openEnvelope(word.ts), ...word });
    },
    record,
    alarm: (code, isUp, text, severity = 'warning') => {
      void record(watch(code, isUp, text, severity));
    },
    priceOf: asset => {
      if (asset === reporting) return 1;
      const stated = config.assetPrices[asset];
      if (stated !== undefined) return stated;
      return ports.lastPrice(`${asset}/${reporting}:${reporting}`);
    },
    ask: async (priority, weight, send) => {
      let askedAt = NaN;
      const answer = await budget.request(priority, weight, () => {
        askedAt = core.now();
        return send();
      });
      return { answer, askedAt };
    },
    onRefused: () => undefined,
    onDisagreement: () => undefined,
    fence: text => {
      if (core.isFenced || !config.defences.fence) return;
      core.lose();
      core.alarm('fenced', true, text, 'critical');
      ports.halt('fenced', text);
    },
    lose: () => {
      core.isFenced = true;
      budget.stop('fenced');
    },
  };
  return core;
};
