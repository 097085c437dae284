import { SESSION_STATE_EVERY } from '../../engine/account-state.js';
import type { EngineState } from '../../engine/engine-memory.js';
import type { WorkingOrder } from '../../engine/working-orders.js';
import { Engine, type EngineSetup } from '../../engine/engine.js';
import type { RunConfig } from '../../engine/run-config.js';
import type { Params } from '../../engine/run-result.js';
import { messageOf } from '../../errors.js';
import type { Fact } from '../../events/fact.js';
import type { InputRange } from '../../events/feed.js';
import type { SimulatedVenue } from '../../execution/venue.js';
import type { VenueEvent } from '../../execution/venue.js';
import type { Instrument } from '../../market/instrument.js';
import type { ForecastSource } from '../../models/forecast-source.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { TradingCosts } from '../../engine/plan-desk.js';
import type { BrokerRequest } from './broker-request.js';
import { LiveVenue } from './live-venue.js';
import type { RunnerInput, RunnerOutput, RunnerStart, StrategyRunner } from './strategy-runner.js';

/** The venue that a runner's engine trades on. */
export interface RunnerVenue {
  readonly venue: SimulatedVenue;
  readonly costs: TradingCosts;
  readonly feedLatency: (ts: number, line: string) => number;
}

/** What runs: the strategy, its configuration and the venue of its mode. */
export interface EngineRunnerOptions {
  readonly tag: string;
  readonly account: string;
  readonly strategy: Strategy;
  readonly params: Params;
  /** `from` and `to` are set at the start; `capital` is the strategy's budget. */
  readonly config: RunConfig;
  /** In symbol order. */
  readonly instruments: readonly Instrument[];
  readonly manifestHash: string;
  readonly inputs: readonly InputRange[];
  /** A simulated exchange for paper, begun with what was open; for live a `LiveVenue`. */
  readonly venueOf: (config: RunConfig) => RunnerVenue;
  /** A simulated venue takes over what was held and at work, once the warm-up is behind it. */
  readonly resume?: (venue: SimulatedVenue, state: EngineState, working: readonly WorkingOrder[]) => void;
  readonly forecasts?: (config: RunConfig) => Promise<ForecastSource | null>;
  /** Facts between two states of its books that it tells. */
  readonly stateFacts?: number;
}

/** The end of time: a session has none of its own. */
const NEVER = 8.64e15;

/** The end of orders that the facts of a turn have approved, in a turn that failed before they were sent. */
const notSent = (said: readonly Fact[]): VenueEvent[] => {
  const over = new Set(said.flatMap(fact => (fact.type === 'OrderCancelled' ? [fact.orderId] : [])));
  return said.flatMap((fact): VenueEvent[] => {
    if (fact.type !== 'OrderApproved' || over.has(fact.ticket.orderId)) return [];
    const { ticket, ...envelope } = fact;
    return [{ ...envelope, type: 'OrderRejected', orderId: ticket.orderId, symbol: ticket.symbol, code: 'not-sent' }];
  });
};

/**
 * Runs a strategy's engine in this thread. A strategy that throws has failed for good: what it had asked for before counts, and nothing more is asked of it; the session goes on booking what the venue
 * says about its orders.
 */
export const engineRunner = (options: EngineRunnerOptions): StrategyRunner & { readonly engine: Engine | null } => {
  let engine: Engine | null = null;
  let venue: SimulatedVenue | null = null;
  let facts: Fact[] = [];
  let failure: string | null = null;
  let markedAt = 0;

  const output = (): RunnerOutput => {
    const said = facts;
    facts = [];
    const requests: readonly BrokerRequest[] = venue instanceof LiveVenue ? venue.taken() : [];
    const equity = engine?.equity ?? options.config.capital;
    if (failure === null) {
      const published = engine?.stream.published ?? 0;
      if (engine === null || said.length === 0 || published - markedAt < (options.stateFacts ?? SESSION_STATE_EVERY))
        return { facts: said, requests, equity, failure, untold: [] };
      markedAt = published;
      return { facts: said, requests, equity, failure, untold: [], state: engine.stateMark() };
    }
    // What was asked for in the turn that failed may lack its facts, and without them nothing is sent.
    const kept = requests.filter(({ ask }) => ask === 'cancel');
    return { facts: said, requests: kept, equity, failure, untold: [...(engine?.untold() ?? []), ...notSent(said)] };
  };
  const guarded = (action: () => void, done: (output: RunnerOutput) => void): void => {
    if (failure === null)
      try {
        action();
      } catch (error) {
        failure = messageOf(error);
      }
    done(output());
  };
  const configOf = ({ from, limits }: RunnerStart): RunConfig => {
    const { config } = options;
    return {
      ...config,
      from,
      to: NEVER,
      risk: limits === undefined ? config.risk : { ...limits, maxDrawdown: limits.maxDrawdown ?? null },
    };
  };
  const begin = (start: RunnerStart, forecasts: ForecastSource | null): void => {
    const config = configOf(start);
    const made = options.venueOf(config);
    venue = made.venue;
    const setup: EngineSetup = {
      strategy: options.strategy,
      params: options.params,
      config,
      instruments: options.instruments,
      venue: made.venue,
      costs: made.costs,
      feedLatency: made.feedLatency,
      manifestHash: options.manifestHash,
      keepFacts: false,
      cache: null,
      forecasts,
      until: Infinity,
      onProgress: null,
      signal: null,
      observe: null,
      session: {
        account: options.account,
        orderPrefix: `${options.tag}.${start.epoch}.`,
        state: start.state,
        onFact: fact => facts.push(fact),
      },
    };
    engine = new Engine(setup, options.inputs);
    engine.advance(start.history, start.from);
    if (start.state !== null) options.resume?.(made.venue, start.state, [...engine.desk.orders.all()]);
    engine.begin();
  };
  return {
    name: options.strategy.name,
    tag: options.tag,
    budget: options.config.capital,
    symbols: options.instruments.map(({ symbol }) => symbol),
    get engine() {
      return engine;
    },
    start: (start, done) => {
      const { forecasts } = options;
      if (!forecasts) return guarded(() => begin(start, null), done);
      const train = async (): Promise<void> => {
        let source: ForecastSource | null = null;
        try {
          source = await forecasts(configOf(start));
        } catch (error) {
          failure = messageOf(error);
        }
        // After a failure nothing is begun, and it is said.
        guarded(() => begin(start, source), done);
      };
      void train();
    },
    deliver: (input, done) => guarded(() => apply(engine, venue, input), done),
    stop: () => {
      engine?.stop();
      return Promise.resolve();
    },
  };
};

const apply = (engine: Engine | null, venue: SimulatedVenue | null, input: RunnerInput): void => {
  if (engine === null) return;
  switch (input.input) {
    case 'market':
      return engine.advance(input.chunks, input.now);
    case 'late':
      return engine.learn(input.chunks);
    case 'answers': {
      let last = input.now;
      for (const event of input.events) {
        if (venue instanceof LiveVenue) venue.tell(event, input.now);
        last = Math.max(last, event.ts);
      }
      return engine.advance([], Math.max(last, engine.now));
    }
    case 'risk':
      return engine.setRisk(input.state, input.denial, input.flatten);
    case 'limits':
      return engine.risk.change(input.limits);
  }
};
