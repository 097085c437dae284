import type { RunConfig, TrainingConfig } from '../engine/run-config.js';
import { usageError } from '../errors.js';
import type { MarketKind } from '../events/market.js';
import { timeframe as checkedTimeframe, type Timeframe } from '../market/timeframe.js';
import { runConfig } from '../sim/run-defaults.js';
import { merged, overlay, overridesOf, type RunOptions, type RunOverrides } from './run-options.js';

/** What was said about a session, by the configuration file and the command line, with its symbols in order. */
export interface SessionWishes extends RunOverrides {
  readonly symbols: string[];
  readonly timeframe: Timeframe;
}

/** The wishes for a session: options over the configuration file. Throws a usage error when no symbols are named, or a window is. */
export const sessionWishes = (file: RunOverrides, options: RunOptions, root: string): SessionWishes => {
  const wanted = overlay(file, overridesOf(options, root));
  if (options.from !== undefined || options.to !== undefined)
    throw usageError('no-window', 'A session has no --from and --to: it begins now.', 'Leave them out; --for 8h ends it after a time.');
  const symbols = [...(wanted.symbols ?? [])].sort();
  if (symbols.length === 0)
    throw usageError('which-symbols', 'No symbols are named.', 'Say --symbols BTC/USDT:USDT, or set `symbols` in quantai.config.ts.');
  return { ...wanted, symbols, timeframe: checkedTimeframe(wanted.timeframe ?? '1m') };
};

const AS_THE_RECIPE_SAYS: TrainingConfig = { enableTraining: null, modelRetrainEveryNSteps: null, historyLimit: null, trainingDelay: null };

/** What was said of fills, as far as it is about bars. */
const onBarsSaid = (fills: RunOverrides['fills']) => ({ path: fills?.path, limits: fills?.limits, participation: fills?.participation });

/** The configuration that a session's strategies are resolved with: wishes over the venue's preset, matching on bars. Nothing is asked of the venue. */
export const sessionConfig = (wishes: SessionWishes, preset: string): RunConfig => {
  const { fills, risk, delays, training, margin, ...plain } = wishes;
  const said = { ...plain, exchange: preset, from: 0, to: 1 };
  const base = runConfig(said);
  return runConfig({
    ...said,
    fills: merged(base.fills, onBarsSaid(fills)),
    risk: merged(base.risk, risk),
    delays: merged(base.delays, delays),
    ...(base.margin && { margin: merged(base.margin, margin) }),
    ...(training && { training: merged(AS_THE_RECIPE_SAYS, training) }),
  });
};

/**
 * The same with fills as deep as was said, else as deep as what the session's strategies look at (`kinds`): one that quotes on the book
 * cannot be filled on bars.
 */
export const atDepth = (config: RunConfig, said: RunOverrides['fills'], kinds: ReadonlySet<MarketKind>): RunConfig => {
  const depth = said?.kind ?? (kinds.has('book') ? 'book' : kinds.has('trades') || kinds.has('quotes') ? 'trades' : 'bars');
  const queue = said?.queue ?? { kind: 'pessimistic' };
  switch (depth) {
    case 'bars':
      return config;
    case 'trades':
      return { ...config, fills: { kind: 'trades', queue, spreadBps: said?.spreadBps ?? 1 } };
    case 'book':
      return { ...config, fills: { kind: 'book', queue, ownImpact: said?.ownImpact ?? true } };
  }
};
