import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { writeFileDurably } from '../../durable-file.js';
import { badData, didYouMean, usageError } from '../../errors.js';

/** Fitted models of a workspace: of fills, and of latencies. */
export type KeptKind = 'fills' | 'latency';

/** A fitted model as it lies in `models/<kind>/<name>@<first 12 digits of its version>.json`. */
export interface KeptModel {
  readonly name: string;
  /** SHA-256 of the canonical JSON of everything else in the file. */
  readonly version: string;
  readonly path: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const folderOf = (root: string, kind: KeptKind): string => join(root, 'models', kind);

const hashOf = (document: object): string => createHash('sha256').update(canonicalJson(document)).digest('hex');

/** What options and messages call a version. */
export const shortVersion = (version: string): string => version.slice(0, 12);

/** Checks a name: it is part of a file's name and of an option. Throws a usage error. */
export const checkModelName = (name: string): string => {
  if (!/^[a-z0-9][a-z0-9._-]*$/i.test(name))
    throw usageError('bad-model-name', `"${name}" cannot be the name of a model.`, 'Use letters, digits, dots, dashes and underscores.');
  return name;
};

/** A name for a model from that of its file or run. */
export const nameFromFile = (file: string): string =>
  basename(file)
    .replace(/(\.csv)?(\.gz)?$/i, '')
    .replace(/[^a-z0-9._-]+/gi, '-')
    .replace(/^[^a-z0-9]+/i, '') || 'model';

/** Writes a model under its name and version. The same content has the same version and file; nothing is ever overwritten with other content. */
export const keepModel = async (
  root: string,
  kind: KeptKind,
  name: string,
  document: Readonly<Record<string, unknown>>,
): Promise<KeptModel> => {
  const version = hashOf(document);
  const folder = folderOf(root, kind);
  const path = join(folder, `${checkModelName(name)}@${shortVersion(version)}.json`);
  await mkdir(folder, { recursive: true });
  await writeFileDurably(path, `${JSON.stringify({ ...document, version }, undefined, 2)}\n`);
  return { name, version, path, document };
};

const listed = (root: string, kind: KeptKind): readonly { readonly file: string; readonly name: string; readonly version: string }[] => {
  let files: string[];
  try {
    files = readdirSync(folderOf(root, kind)).sort();
  } catch {
    return [];
  }
  return files.flatMap(file => {
    const [, name, version] = /^(.+)@([0-9a-f]{12})\.json$/.exec(file) ?? [];
    return name === undefined || version === undefined ? [] : [{ file, name, version }];
  });
};

/**
 * A model by `NAME`, when there is one version of it, by `NAME@VERSION` with the beginning of its hash, or by `@VERSION` alone, as a run's manifest has it. Throws a usage error that lists what there is for an
 * unknown or ambiguous name, and bad data for a file that was changed.
 */
export const findModel = (root: string, kind: KeptKind, reference: string): KeptModel => {
  const at = reference.lastIndexOf('@');
  const [name, beginning] = at < 0 ? [reference, ''] : [reference.slice(0, at), reference.slice(at + 1)];
  const all = listed(root, kind);
  const matches = all.filter(
    model =>
      (name === '' || model.name === name) &&
      (model.version.startsWith(beginning) || (beginning.length > 12 && beginning.startsWith(model.version))),
  );
  const [found, another] = matches;
  if (found === undefined)
    throw usageError(
      'unknown-fit',
      `There is no fitted model "${reference}" in ${folderOf(root, kind)}.${didYouMean(
        reference,
        all.map(model => `${model.name}@${model.version}`),
      )}`,
      `Make one with: quantai fit ${kind}`,
    );
  // One version under two names is one model.
  if (another !== undefined && matches.some(({ version }) => version !== found.version))
    throw usageError(
      'ambiguous-fit',
      `"${reference}" could be ${matches.map(model => `${model.name}@${model.version}`).join(', ')}.`,
      `Name one, for example ${found.name}@${found.version}.`,
    );
  const path = join(folderOf(root, kind), found.file);
  const changed = (why: string): Error => badData('changed-fit', `${path} ${why}.`, `Fit again with: quantai fit ${kind}`);
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    throw changed(`does not read: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (typeof content !== 'object' || content === null || Array.isArray(content)) throw changed('holds no model');
  const { version, ...document } = content as Readonly<Record<string, unknown>>;
  const hash = hashOf(document);
  if (version !== hash || !hash.startsWith(found.version) || (beginning.length > 12 && !hash.startsWith(beginning)))
    throw changed('was changed: it does not hold what its version says');
  return { name: found.name, version: hash, path, document };
};
