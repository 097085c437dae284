import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import type { PinnedConfig, PinSubject } from '../promotion/pins/pin-subject.js';
import type { Pins } from '../promotion/pins/pins.js';
import { pinnedConfig } from '../promotion/pins/pinned-config.js';
import { platformPin } from '../promotion/pins/platform-pin.js';
import { recipePin } from '../promotion/pins/recipe-pin.js';
import { strategyPin } from '../promotion/pins/strategy-pin.js';
import { resolveStrategy, type ResolvedStrategy } from '../strategies/load.js';
import { readConfig } from './config-file.js';
import type { RunOptions } from './run-options.js';
import { atDepth, sessionConfig, sessionWishes } from './session-config.js';
import { venuePlace } from './session-connection.js';
import { chooseStrategies, type ChosenStrategy } from './session-strategies.js';
import type { Workspace } from './workspace.js';

/** What a session trades, as pins see it. */
export const subjectOf = async (
  workspace: Workspace,
  resolved: ResolvedStrategy,
  params: Params,
  config: RunConfig,
): Promise<PinSubject> => ({
  strategy: await strategyPin(resolved, workspace.root),
  params,
  platform: await platformPin(workspace.root),
  config: pinnedConfig(config),
  recipe: recipePin(resolved, params, config),
});

/** What `paper` or `live` would run if they were given this. */
export interface AskedSession {
  readonly strategy: ChosenStrategy;
  readonly config: RunConfig;
  readonly place: Awaited<ReturnType<typeof venuePlace>>;
}

/** The session that these words would begin, computed without a connection; `promoted` gives the parameters that nobody says. Throws usage errors like the session itself. */
export const askedSession = async (
  workspace: Workspace,
  strategy: string,
  options: RunOptions & { readonly param?: readonly string[] | undefined },
  venue: string,
  promoted: (strategy: ResolvedStrategy) => Params | undefined,
): Promise<AskedSession> => {
  const file = await readConfig(workspace);
  const wishes = sessionWishes(file.run, options, workspace.root);
  const place = await venuePlace(workspace, venue);
  const configured = sessionConfig(wishes, place.preset);
  const universe = configured.symbols.map(symbol => ({ symbol }));
  const [chosen] = await chooseStrategies(
    { strategies: [strategy], param: options.param },
    configured,
    universe,
    workspace.bundles,
    promoted,
  );
  if (chosen === undefined) throw usageError('which-strategy', 'No strategy is named.', 'Name one.');
  return { strategy: chosen, config: atDepth(configured, wishes.fills, new Set(chosen.kinds)), place };
};

/**
 * What would trade now by what a promotion itself says: its strategy where it lay, its own parameters and configuration. For those who are asked about a promotion without being told how it is begun. Throws a usage error
 * when the strategy cannot be loaded any more.
 */
export const promotedSubject = async (workspace: Workspace, pins: Pins, folder: string): Promise<PinSubject> => {
  const { builtin, entry, name, params } = pins.strategy;
  const where = builtin ?? (entry === null ? name : resolve(workspace.root, entry));
  const resolved = await resolveStrategy(where, { cacheDir: workspace.bundles });
  const stored = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8')) as PinnedConfig;
  const subject = await subjectOf(workspace, resolved, params, { ...stored, capital: 1, from: 0, to: 1 });
  return { ...subject, params: null, config: null };
};
