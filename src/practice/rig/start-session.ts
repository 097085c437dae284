import type { BrokerConfig } from '../../live/broker/broker-config.js';
import { evolve, initialState, openRecords } from '../../live/broker/broker-state.js';
import { createBroker } from '../../live/broker/create-broker.js';
import { canonicalState } from '../../live/broker/state-text.js';
import { engineRunner } from '../../live/runner/engine-runner.js';
import { LiveVenue } from '../../live/runner/live-venue.js';
import { LiveSession } from '../../live/session/live-session.js';
import { DEFAULT_SESSION, type SessionConfig, type SessionOptions } from '../../live/session/session-options.js';
import { usageError } from '../../errors.js';
import { exchangeRules } from '../../sim/exchange-rules.js';
import { runConfig } from '../../sim/run-defaults.js';
import type { Strategy } from '../../strategies/strategy.js';
import type { StartSession } from './session-port.js';
import { JOURNAL_DEFENCES, weakenedDisk, type JournalDefences } from './weakened-disk.js';

/** A strategy of the simulated session and what it trades with. */
export interface RigStrategy {
  readonly strategy: Strategy;
  readonly tag: string;
  /** Settlement asset. */
  readonly budget: number;
}

export interface RigSessionOptions {
  readonly strategies: readonly RigStrategy[];
  readonly broker: BrokerConfig;
  readonly session?: Partial<SessionConfig>;
  /** All on when left out. */
  readonly journal?: JournalDefences;
  readonly feed: SessionOptions['feed'];
  readonly seed: number;
}

export const FOLDER = 'live/rig';

/** The platform's own session, engines in this thread, on the ports of the simulated world. */
export const startLiveSession =
  ({ strategies, broker, session, journal = JOURNAL_DEFENCES, feed, seed }: RigSessionOptions): StartSession =>
  async ({ account, transport, clock, disk, random, instruments, holdAccount, onFact }) => {
    const config = { ...DEFAULT_SESSION, ...session };
    const symbols = instruments.map(each => each.symbol);
    const runners = strategies.map(({ strategy, tag, budget }, i) =>
      engineRunner({
        tag,
        account,
        strategy,
        params: {},
        config: runConfig({
          exchange: 'binance',
          from: 0,
          to: 1,
          symbols,
          timeframe: '1m',
          capital: budget,
          seed: seed + i,
          funding: { kind: 'none' },
          leverage: 5,
        }),
        instruments,
        manifestHash: '0'.repeat(64),
        inputs: [],
        stateFacts: config.stateFacts,
        venueOf: config => ({ venue: new LiveVenue(), costs: exchangeRules(config, instruments, []), feedLatency: () => 0 }),
      }),
    );
    const live = new LiveSession({
      mode: 'live',
      account,
      venue: 'practice',
      practice: true,
      manifest: '0'.repeat(64),
      folder: FOLDER,
      disk: weakenedDisk(disk, journal),
      clock,
      random,
      lock: {
        acquire: () =>
          holdAccount()
            ? Promise.resolve()
            : Promise.reject(usageError('account-held', `Another session holds the account ${account}.`, 'Stop it first.')),
        release: () => Promise.resolve(),
      },
      instruments,
      hedge: false,
      transport,
      strategies: runners,
      feed,
      broker: (ports, state) =>
        createBroker(
          ports,
          broker,
          instruments,
          strategies.map(({ strategy, tag, budget }) => ({ name: strategy.name, tag, budget })),
          state,
        ),
      limits: null,
      config,
      onFact,
    });
    await live.start();
    return {
      state: () => canonicalState(live.state),
      fold: facts => {
        const state = initialState(instruments, { hedge: false });
        for (const fact of facts) evolve(state, fact);
        return canonicalState(state);
      },
      get isHalted() {
        return live.risk === 'HALTED';
      },
      get unsettled() {
        const doubtful = openRecords(live.state).find(
          record => record.status === 'unknown' || record.status === 'submitted' || record.status === 'approved',
        );
        if (doubtful !== undefined) return `${doubtful.ticket.orderId} is ${doubtful.status}`;
        const { readiness } = live;
        return readiness.ready || live.risk === 'HALTED' ? null : `${readiness.code}: ${readiness.text}`;
      },
      halt: ({ flatten }) => live.command('halt', 'operator', 'scenario', { flatten }),
      stop: () => live.stop('scenario', 'the scenario ends'),
    };
  };
