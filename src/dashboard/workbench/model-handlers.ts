import { join } from 'node:path';
import { usageError } from '../../errors.js';
import { modelRegistry, type SavedVersion } from '../../models/registry/model-registry.js';
import type { WorkbenchHandlers } from '../api/endpoints.js';
import type { modelsApi, ModelSetLine, ModelSetView } from '../api/models-api.js';
import type { Platform } from '../platform.js';
import { modelScores } from './model-scores.js';
import type { RunCatalogue } from './run-catalogue.js';

const detailOf = ({ version: { strategy, dataset, training, symbols, timeframe, params, seed, recipe, scores } }: SavedVersion) => ({
  strategy: strategy.name,
  dataset: `${dataset.id}@${dataset.version}`,
  dataUntil: training.at,
  rows: training.rows,
  symbols,
  timeframe,
  params,
  seed,
  recipe: recipe.hash,
  skill: scores.ensemble.skill,
});

const lineOf = (set: string, versions: readonly SavedVersion[]): ModelSetLine => {
  const current = versions.find(version => version.current);
  return {
    set,
    versions: versions.length,
    current: current?.hash ?? null,
    trainedAt: current?.trainedAt ?? null,
    detail: current === undefined ? null : detailOf(current),
  };
};

/** Newest first, as they were trained. */
const viewOf = (set: string, versions: readonly SavedVersion[]): ModelSetView => ({
  set,
  current: versions.find(version => version.current)?.hash ?? null,
  versions: [...versions].reverse().map(saved => ({
    version: saved.hash,
    at: saved.trainedAt,
    isCurrent: saved.current,
    checkpoints: Object.entries(saved.version.members).map(([model, checkpoint]) => ({
      model,
      checkpoint,
      rows: saved.version.training.rows,
    })),
    detail: detailOf(saved),
  })),
});

/** Saved models, and how forecasts did. */
export const modelHandlers = (
  platform: Pick<Platform, 'workspace' | 'ask'>,
  runs: RunCatalogue,
): Pick<WorkbenchHandlers, keyof typeof modelsApi> => {
  const registry = modelRegistry(join(platform.workspace, 'models'));
  const show = async (set: string): Promise<ModelSetView> => viewOf(set, await registry.versions(set));
  return {
    'models.list': async () => ({
      sets: await Promise.all((await registry.sets()).map(async set => lineOf(set, await registry.versions(set)))),
    }),
    'models.show': async ({ params }) => show(params.set),
    'models.rollback': async ({ caller, params, body }) => {
      if (params.set.startsWith('-')) throw usageError('bad-set-name', `"${params.set}" is no set of models.`);
      const reason = body.reason.trim();
      await platform.ask(
        ['models', 'rollback', params.set, `--to=${body.version}`, ...(reason === '' ? [] : [`--reason=${reason}`])],
        caller.name,
      );
      return show(params.set);
    },
    'models.scores': async ({ caller, params }) => {
      const { line, folder } = await runs.find(params.run, caller.name);
      return modelScores(line.run, folder);
    },
  };
};
