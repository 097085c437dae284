import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '../datasets/canonical-json.js';
import type { RunConfig } from '../engine/run-config.js';
import type { Params } from '../engine/run-result.js';
import { usageError } from '../errors.js';
import { fileHash, sha256 } from '../promotion/pins/file-hash.js';
import { pinnedConfig } from '../promotion/pins/pinned-config.js';
import type { Pins } from '../promotion/pins/pins.js';
import { savedModels } from '../promotion/pins/saved-models.js';
import type { ResolvedStrategy } from '../strategies/load.js';
import { readConfig } from './config-file.js';
import { evidenceSubject } from './evidence-subject.js';
import { expectedOfRun } from './expected-of-run.js';
import { askedSession, subjectOf, type AskedSession } from './pinned-subject.js';
import { findRun, type RunOnDisk } from './run-list.js';
import type { RunOptions } from './run-options.js';
import type { Workspace } from './workspace.js';

/** What is to be promoted, and by which run. */
export interface PinRequest {
  readonly workspace: Workspace;
  /** Built-in name, or path of a file. */
  readonly strategy: string;
  /** What the session would be given. */
  readonly args: RunOptions & { readonly param?: readonly string[] | undefined };
  /** As on the command line: `practice` or a venue. */
  readonly venue: string;
  /** Id of a run with evidence, or the beginning of it. */
  readonly run: string;
}

/** Pins with everything that is kept beside them. */
export interface MadePins {
  /** E.g. `sma-cross-3f9a12cd`. */
  readonly id: string;
  readonly pins: Pins;
  /** SHA-256 of the text of `pins.json`. */
  readonly hash: string;
  /** Texts of the files of `promotions/<id>/` by name, `pins.json` among them. */
  readonly files: Readonly<Record<string, string>>;
  readonly run: RunOnDisk;
  readonly place: AskedSession['place'];
  readonly config: RunConfig;
  readonly params: Params;
}

/** The evidence of a run, as bytes, which must be about this very code. */
const evidenceOf = async ({ runId, folder }: RunOnDisk, strategy: string, bundle: string): Promise<string> => {
  const file = join(folder, 'evidence.json');
  const text = await readFile(file, 'utf8').catch((): null => null);
  if (text === null) throw usageError('no-evidence', `There is no evidence about run ${runId}.`, `Make it: quantai evidence ${runId}`);
  let code: unknown;
  try {
    code = (JSON.parse(text) as { readonly run?: { readonly code?: unknown } } | null)?.run?.code;
  } catch {
    throw usageError('no-evidence', `${file} does not read.`, `Make it again: quantai evidence ${runId}`);
  }
  if (code !== bundle)
    throw usageError(
      'other-code',
      `The evidence of run ${runId} is about other code than ${strategy} is now.`,
      `Run it again: quantai walkforward ${strategy} …, then quantai evidence on that run.`,
    );
  return text;
};

const datasetOf = ({ runId, manifest }: RunOnDisk, synthetic: boolean): Pins['dataset'] => {
  const { dataset } = manifest;
  if (typeof dataset === 'object' && dataset !== null && 'id' in dataset && 'version' in dataset)
    return { id: String(dataset.id), version: String(dataset.version), synthetic };
  throw usageError('no-dataset', `The manifest of run ${runId} names no dataset.`, 'Run it again with this release.');
};

const savedFiles = async (recipe: Pins['recipe'], root: string): Promise<Pins['checkpoints']> => {
  if (recipe === null) return [];
  const { versions } = await savedModels(recipe, root);
  const paths = [...new Set(versions.flatMap(({ path, checkpoints }) => [path, ...checkpoints.map(each => each.path)]))].sort();
  const found = await Promise.all(paths.map(async path => ({ path, hash: await fileHash(join(root, path)) })));
  return found.flatMap(({ path, hash }) => (hash === null ? [] : [{ path, sha256: hash }]));
};

/**
 * Bind a promotion: to the strategy's code, the platform and its lock file, the configuration that a session of these words would have, the recipe of its models, the dataset version and the evidence of a run. Parameters are those that --param says, else those that the run's newest fold chose. The same things
 * give the same pins and id. Writes nothing. Throws a usage error for a run without evidence, or with evidence about other code.
 */
export const makePins = async ({ workspace, strategy: wanted, args, venue, run: named }: PinRequest): Promise<MadePins> => {
  const run = await findRun(workspace, named);
  const subject = await evidenceSubject(run);
  // Of other code they would mean nothing.
  const chosen = ({ hash }: ResolvedStrategy): Params | undefined =>
    hash === subject.strategy.bundle ? (subject.steps.at(-1)?.params ?? undefined) : undefined;
  const asked = await askedSession(workspace, wanted, args, venue, chosen);
  const { resolved, name, params } = asked.strategy;
  const evidence = await evidenceOf(run, wanted, resolved.hash);
  const now = await subjectOf(workspace, resolved, params, asked.config);
  const settings = await readConfig(workspace);
  const expectation = expectedOfRun(run.runId, subject, settings.promotion.watch);
  const beside: Record<string, string> = {
    'config.json': canonicalJson(pinnedConfig(asked.config)),
    'evidence.json': evidence,
    ...(now.recipe && { 'recipe.json': canonicalJson(now.recipe.identity) }),
    ...(expectation && { 'expectation.json': canonicalJson(expectation) }),
  };
  const recipe = now.recipe && { hash: now.recipe.hash, seed: now.recipe.seed };
  const pins: Pins = {
    version: 1,
    strategy: { ...now.strategy, params },
    platform: now.platform,
    config: sha256(beside['config.json']!),
    recipe,
    checkpoints: await savedFiles(recipe, workspace.root),
    dataset: datasetOf(run, subject.synthetic),
    evidence: { run: run.runId, fingerprint: subject.fingerprint, sha256: sha256(evidence) },
    expectation: expectation && sha256(beside['expectation.json']!),
  };
  const text = `${JSON.stringify(JSON.parse(canonicalJson(pins)), null, 2)}\n`;
  const hash = sha256(text);
  return {
    id: `${name}-${hash.slice(0, 8)}`,
    pins,
    hash,
    files: { 'pins.json': text, ...beside },
    run,
    place: asked.place,
    config: asked.config,
    params,
  };
};
