import type { RunConfig } from '../../../src/engine/run-config.js';
import { engineRunner, type EngineRunnerOptions } from '../../../src/live/runner/engine-runner.js';
import type { Instrument } from '../../../src/market/instrument.js';
import { simulatedExchange } from '../../../src/sim/exchange-rules.js';
import type { Strategy } from '../../../src/strategies/strategy.js';

/** The runner of a strategy on a simulated venue, as a paper session has it. Without `resume` the venue of a restart begins empty. */
export const paperRunner = (
  strategy: Strategy,
  config: RunConfig,
  instruments: readonly Instrument[],
  resume?: NonNullable<EngineRunnerOptions['resume']>,
): ReturnType<typeof engineRunner> =>
  engineRunner({
    tag: 'drawn',
    account: 'paper',
    strategy,
    params: {},
    config,
    instruments,
    manifestHash: '',
    inputs: [],
    venueOf: session => {
      const venue = simulatedExchange(session, instruments, []);
      return { venue, costs: venue.rules, feedLatency: () => 0 };
    },
    ...(resume && { resume }),
  });
