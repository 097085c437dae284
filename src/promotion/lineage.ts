import { openDataset } from '../datasets/catalogue.js';
import { savedModels } from './pins/saved-models.js';
import type { AuditRecord, AuditWord } from './audit/audit-record.js';
import type { Pins } from './pins/pins.js';

type Lineage = Extract<AuditWord, { type: 'LineageRecorded' }>;

/** What stands before the first models of a recipe. */
const NOTHING = 'none';

/**
 * What is new since a promotion was last looked at: a newer version of its dataset, models that its recipe was trained to since. None of it demotes; each is told once, with what it came after and the recipe that made it.
 * `root` is the workspace's folder. Throws when the dataset's newest version cannot be read.
 */
export const newLineage = async (
  promotion: string,
  pins: Pick<Pins, 'dataset' | 'recipe' | 'checkpoints'>,
  records: readonly AuditRecord[],
  root: string,
): Promise<readonly Lineage[]> => {
  const told = records.flatMap(({ word }) => (word.type === 'LineageRecorded' && word.promotion === promotion ? [word] : []));
  const words: Lineage[] = [];
  const { manifest } = await openDataset(root, pins.dataset.id);
  const last = told.findLast(({ kind }) => kind === 'dataset')?.to ?? pins.dataset.version;
  if (manifest.version !== last)
    words.push({ type: 'LineageRecorded', promotion, kind: 'dataset', from: last, to: manifest.version, recipe: null });
  if (pins.recipe === null) return words;
  const known = new Set([
    ...pins.checkpoints.map(({ path }) => path),
    ...told.flatMap(({ kind, to }) => (kind === 'checkpoint' ? [to] : [])),
  ]);
  const { versions } = await savedModels(pins.recipe, root);
  const before = new Map<string, string>();
  for (const { set, version, path } of versions) if (known.has(path)) before.set(set, version);
  for (const { to } of told.filter(({ kind }) => kind === 'checkpoint')) {
    const of = versions.find(({ version }) => version === to);
    if (of !== undefined) before.set(of.set, to);
  }
  for (const { set, version, path } of versions) {
    if (known.has(path) || known.has(version)) continue;
    words.push({
      type: 'LineageRecorded',
      promotion,
      kind: 'checkpoint',
      from: before.get(set) ?? NOTHING,
      to: version,
      recipe: pins.recipe.hash,
    });
    before.set(set, version);
  }
  return words;
};
