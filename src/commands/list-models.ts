import { modelRegistry } from '../models/registry/model-registry.js';
import { DAY, formatDate, formatTime, HOUR } from '../time.js';
import { skillText } from './score-text.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

/** `3 h` or `12 d`, in words that fit a column. */
const age = (ms: number): string => (ms < DAY ? `${Math.floor(ms / HOUR)} h` : `${Math.floor(ms / DAY)} d`);

/** Print every version of every saved set, or of one. */
export const listModels = async (args: {
  readonly workspace: string;
  readonly json: boolean;
  readonly set?: string | undefined;
}): Promise<void> => {
  const { models: folder } = workspaceAt(args.workspace);
  const registry = modelRegistry(folder);
  const sets = await Promise.all(
    (args.set === undefined ? await registry.sets() : [args.set]).map(async set => ({ set, versions: await registry.versions(set) })),
  );
  const now = Date.now();
  const listed = sets.map(({ set, versions }) => ({
    set,
    versions: versions.map(({ hash, current, trainedAt, version }) => ({
      hash,
      current,
      trainedAt,
      ageMs: trainedAt === null ? null : now - trainedAt,
      strategy: version.strategy.name,
      dataset: `${version.dataset.id}@${version.dataset.version}`,
      dataUntil: version.training.at,
      rows: version.training.rows,
      members: Object.keys(version.members),
      skill: version.scores.ensemble.skill,
    })),
  }));
  present(args, { sets: listed }, ({ sets: all }) =>
    all.length === 0
      ? `There are no models in ${folder}.\nMake some: quantai train quant-ensemble --dataset sample`
      : table(
          [
            { title: 'set' },
            { title: 'version' },
            { title: 'current' },
            { title: 'trained' },
            { title: 'age', align: 'right' },
            { title: 'strategy' },
            { title: 'dataset' },
            { title: 'data until' },
            { title: 'skill over climatology' },
          ],
          all.flatMap(({ set, versions }) =>
            versions.map(v => [
              set,
              v.hash.slice(0, 12),
              v.current ? '*' : '',
              v.trainedAt === null ? '–' : formatDate(v.trainedAt),
              v.ageMs === null ? '–' : age(v.ageMs),
              v.strategy,
              v.dataset.slice(0, v.dataset.indexOf('@') + 9),
              formatTime(v.dataUntil),
              skillText(v),
            ]),
          ),
        ),
  );
};
