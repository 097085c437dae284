import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { writeFileDurably } from '../../durable-file.js';
import { badData, didYouMean, usageError } from '../../errors.js';
import type { TrainedModel } from '../trained-model.js';
import { checkpointStore } from './checkpoint-store.js';
import { versionHash, type ModelVersion } from './model-version.js';
import { appendHistory, promotionStack, readHistory, type PromotionEvent } from './promotion-history.js';

/** A version as it lies in a set. */
export interface SavedVersion {
  readonly set: string;
  readonly hash: string;
  readonly version: ModelVersion;
  /** Whether it is the one that the set's name stands for. */
  readonly current: boolean;
  /** Wall time at which it was last trained, epoch ms; null when the history does not tell. */
  readonly trainedAt: number | null;
}

/**
 * Saved sets of models in a folder: `checkpoints/` of all sets by content, and for each set its versions, the current one in `HEAD`, and a history that only grows. A version is
 * never changed; training adds one and promotes it, a rollback names an older one.
 */
export interface ModelRegistry {
  /** Names of the sets, in order. */
  sets(): Promise<readonly string[]>;
  /** Versions of a set, the oldest first by when they were trained. Throws a usage error for an unknown set. */
  versions(set: string): Promise<readonly SavedVersion[]>;
  /** `SET` for its current version, `SET@VERSION` for one by the beginning of its hash. Throws a usage error with the nearest name, and bad data for a changed file. */
  find(reference: string): Promise<SavedVersion>;
  /** The models of a version, members in order of name. Throws bad data that names the file when one is missing or changed. */
  models(version: ModelVersion): Promise<readonly TrainedModel[]>;
  /** Keeps models under the version made from their names and makes it the current one. */
  save(set: string, models: readonly TrainedModel[], version: Omit<ModelVersion, 'members'>, time: number): Promise<SavedVersion>;
  /** Makes the version before the current one current, or the one named by the beginning of its hash, when its files are whole. Throws a usage error when there is none. */
  rollback(set: string, to: string | null, time: number): Promise<{ readonly from: string; readonly to: SavedVersion }>;
  /** What happened to a set, the oldest first. */
  history(set: string): Promise<readonly PromotionEvent[]>;
}

const CHECKPOINTS = 'checkpoints';

/** Checks the name of a set: it is a folder name and part of commands. Throws a usage error. */
export const checkSetName = (set: string): string => {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(set) || set === CHECKPOINTS)
    throw usageError(
      'bad-set-name',
      `"${set}" cannot be the name of a set of models.`,
      'Use letters, digits, dots, dashes and underscores, and another word than "checkpoints".',
    );
  return set;
};

/** The registry in a folder, which is made with the first set. */
export const modelRegistry = (folder: string): ModelRegistry => {
  const store = checkpointStore(join(folder, CHECKPOINTS));
  const historyOf = (set: string): string => join(folder, set, 'history.ndjson');
  const headOf = async (set: string): Promise<string | undefined> =>
    (await readFile(join(folder, set, 'HEAD'), 'utf8').catch((): undefined => undefined))?.trim();

  const sets = async (): Promise<readonly string[]> => {
    const names = (await readdir(folder).catch((): string[] => [])).filter(name => name !== CHECKPOINTS).sort();
    const heads = await Promise.all(names.map(headOf));
    return names.filter((_, k) => heads[k] !== undefined);
  };
  const currentOf = async (set: string): Promise<string> => {
    const head = set === CHECKPOINTS || set.includes('/') ? undefined : await headOf(set);
    if (head !== undefined) return head;
    throw usageError(
      'unknown-model-set',
      `There is no set of models "${set}" in ${folder}.${didYouMean(set, await sets())}`,
      'List them with `quantai models list`; make one with `quantai train`.',
    );
  };
  const hashesOf = async (set: string): Promise<readonly string[]> =>
    (await readdir(join(folder, set, 'versions')).catch((): string[] => []))
      .flatMap(name => (name.endsWith('.json') ? [name.slice(0, -'.json'.length)] : []))
      .sort();

  const read = async (set: string, hash: string, head: string, history: readonly PromotionEvent[]): Promise<SavedVersion> => {
    const file = join(folder, set, 'versions', `${hash}.json`);
    let version: ModelVersion;
    try {
      version = JSON.parse(await readFile(file, 'utf8')) as ModelVersion;
    } catch (error) {
      throw badData('damaged-version', `${file} does not read: ${error instanceof Error ? error.message : String(error)}.`);
    }
    if (versionHash(version) !== hash)
      throw badData('damaged-version', `${file} was changed: it does not hold what its name says.`, 'Train the set again.');
    const trainedAt = history.findLast(({ event, version: of }) => event === 'trained' && of === hash)?.time ?? null;
    return { set, hash, version, current: hash === head, trainedAt };
  };
  const open = async (set: string, hash: string): Promise<SavedVersion> =>
    read(set, hash, await currentOf(set), await readHistory(historyOf(set)));

  const hashOf = async (set: string, beginning: string): Promise<string> => {
    const hashes = await hashesOf(set);
    const matches = hashes.filter(hash => hash.startsWith(beginning));
    const known = `It has ${hashes.map(hash => hash.slice(0, 12)).join(', ')}.`;
    if (matches.length === 0 || beginning === '')
      throw usageError('unknown-model-version', `Set "${set}" has no version "${beginning}".`, known);
    if (matches.length > 1)
      throw usageError('ambiguous-model-version', `${matches.length} versions of "${set}" begin with "${beginning}".`, known);
    return matches[0]!;
  };
  const models: ModelRegistry['models'] = ({ members }) =>
    Promise.all(
      Object.keys(members)
        .sort()
        .map(name => store.read(members[name]!)),
    );
  const move = async (set: string, event: 'promoted' | 'rolled-back', version: string, time: number): Promise<void> => {
    const from = (await headOf(set)) ?? null;
    await writeFileDurably(join(folder, set, 'HEAD'), `${version}\n`);
    await appendHistory(historyOf(set), { time, event, version, from });
  };

  return {
    sets,
    versions: async set => {
      const head = await currentOf(set);
      const history = await readHistory(historyOf(set));
      const found = await Promise.all((await hashesOf(set)).map(hash => read(set, hash, head, history)));
      return found.sort((a, b) => (a.trainedAt ?? 0) - (b.trainedAt ?? 0) || (a.hash < b.hash ? -1 : 1));
    },
    find: async reference => {
      const [set = '', beginning] = reference.split('@', 2);
      const head = await currentOf(set);
      return open(set, beginning === undefined ? head : await hashOf(set, beginning));
    },
    models,
    save: async (set, trained, rest, time) => {
      await mkdir(join(folder, checkSetName(set), 'versions'), { recursive: true });
      const hashes = await Promise.all(trained.map(model => store.write(model)));
      const version: ModelVersion = { ...rest, members: Object.fromEntries(trained.map(({ model }, k) => [model, hashes[k]!])) };
      const hash = versionHash(version);
      await writeFileDurably(join(folder, set, 'versions', `${hash}.json`), canonicalJson(version));
      await appendHistory(historyOf(set), { time, event: 'trained', version: hash, from: null });
      await move(set, 'promoted', hash, time);
      return open(set, hash);
    },
    rollback: async (set, to, time) => {
      const from = await currentOf(set);
      const target = to === null ? promotionStack(await readHistory(historyOf(set)), from).at(-2) : await hashOf(set, to);
      if (target === undefined)
        throw usageError(
          'no-earlier-version',
          `Set "${set}" had no version before ${from.slice(0, 12)}.`,
          'Name one with --to; `quantai models list` shows them.',
        );
      if (target === from)
        throw usageError('already-current', `Version ${from.slice(0, 12)} is the current one already.`, 'Name another with --to.');
      await models((await open(set, target)).version);
      await move(set, 'rolled-back', target, time);
      return { from, to: await open(set, target) };
    },
    history: async set => {
      await currentOf(set);
      return readHistory(historyOf(set));
    },
  };
};
