import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { didYouMean, failed, usageError, UserError } from '../errors.js';
import { BUILT_IN } from './built-in.js';
import { bundleStrategy } from './bundle.js';
import type { Strategy } from './strategy.js';
import { typeCheck } from './type-check.js';

/** Where a strategy's code is, as plain data that can be sent to a worker. `bundle` is the path of an importable bundle. */
export type StrategyRef = { readonly builtin: string } | { readonly bundle: string };

/** A strategy ready to run, with what identifies its code. */
export interface ResolvedStrategy {
  readonly ref: StrategyRef;
  /** SHA-256 of the bundle, or `builtin:<name>`. */
  readonly hash: string;
  readonly strategy: Strategy;
  /** The user's file; null for a built-in. */
  readonly file: string | null;
  /** The bundle to keep with the run; null for a built-in. */
  readonly stored: string | null;
  /** Files to watch. */
  readonly inputs: readonly string[];
}

const FORMS = ['decide', 'decideSlice', 'run'] as const;
const FUNCTIONS = ['constraint', 'needs', 'indicators', 'memory', ...FORMS] as const;
const PARAM_KINDS = ['int', 'float', 'choice', 'bool'];
const FIX = 'Write `export default defineStrategy({ name, params, decide })`.';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/**
 * The default export of a module as a strategy. Throws `bad-strategy` that says what is wrong with it; `where` names the file.
 */
export const strategyOf = (module: Readonly<Record<string, unknown>>, where: string): Strategy => {
  const wrong = (what: string, fix = FIX): never => {
    throw failed('bad-strategy', `${where}: ${what}`, fix);
  };
  const exported = module['default'];
  if (exported === undefined) {
    const named = Object.keys(module).find(name => isObject(module[name]) && FORMS.some(form => form in (module[name] as object)));
    return wrong(
      named ? `the strategy is exported as "${named}", not as the default.` : 'there is no default export.',
      named ? `Write \`export default ${named}\`.` : FIX,
    );
  }
  if (typeof exported === 'function') return wrong('the default export is a function, not a strategy.');
  if (!isObject(exported)) return wrong(`the default export is ${exported === null ? 'null' : `a ${typeof exported}`}, not a strategy.`);
  const { name, params } = exported;
  if (typeof name !== 'string' || !/^[a-z][a-z0-9-]*$/.test(name))
    return wrong(`the strategy's name is ${JSON.stringify(name)}.`, 'Name it in kebab-case: lower-case letters, digits and dashes.');
  if (!isObject(params)) return wrong('the strategy has no params.', 'Write `params: {}` if it has none.');
  for (const [key, param] of Object.entries(params))
    if (!isObject(param) || !PARAM_KINDS.includes(String(param['kind'])))
      return wrong(
        `parameter "${key}" is not one of ${PARAM_KINDS.join(', ')}.`,
        `Write \`${key}: int(min, max, { default })\` or the like.`,
      );
  for (const key of FUNCTIONS)
    if (exported[key] !== undefined && typeof exported[key] !== 'function')
      return wrong(`${key} is a ${typeof exported[key]}, not a function.`);
  const forms = FORMS.filter(form => exported[form] !== undefined);
  if (forms.length !== 1)
    return wrong(
      `the strategy has ${forms.length === 0 ? 'none' : forms.join(' and ')} of ${FORMS.join(', ')}.`,
      'Give exactly one of them.',
    );
  return module['default'] as Strategy;
};

/** A session may import a bundle again, in its thread, long after it was made and looked at. */
const requireUnchanged = async (bundle: string): Promise<void> => {
  const named = /-([0-9a-f]{64})\.mjs$/.exec(bundle)?.[1];
  if (
    named === undefined ||
    createHash('sha256')
      .update(await readFile(bundle))
      .digest('hex') === named
  )
    return;
  throw new UserError('altered-bundle', `${bundle} was changed after it was made of its sources.`, 4, 'Begin again: it is made anew.');
};

const importBundle = async (bundle: string, where: string, again = ''): Promise<Strategy> => {
  await requireUnchanged(bundle);
  // Before the import, so that stacks name the author's own file and line, in worker threads too.
  process.setSourceMapsEnabled(true);
  let module: Record<string, unknown>;
  try {
    module = (await import(`${pathToFileURL(bundle).href}${again}`)) as Record<string, unknown>;
  } catch (error) {
    if (error instanceof Error && error.name === 'UserError' && 'fix' in error)
      throw failed('bad-strategy', `${where}: ${error.message}`, typeof error.fix === 'string' ? error.fix : undefined);
    throw failed(
      'bad-strategy',
      `${where} cannot be loaded: ${error instanceof Error ? error.message : String(error)}`,
      'Its top level throws; mend that.',
    );
  }
  return strategyOf(module, where);
};

let anew = 0;

/** The same strategy with nothing in its module of an earlier run. A built-in keeps nothing there. */
export const loadStrategyAnew = (ref: StrategyRef): Promise<Strategy> =>
  'bundle' in ref ? importBundle(ref.bundle, basename(ref.bundle), `?anew=${++anew}`) : loadStrategy(ref);

/** The strategy behind a reference: what a worker does with the one that it was sent. */
export const loadStrategy = async (ref: StrategyRef): Promise<Strategy> => {
  if ('bundle' in ref) return importBundle(ref.bundle, basename(ref.bundle));
  const load = Object.hasOwn(BUILT_IN, ref.builtin) ? BUILT_IN[ref.builtin] : undefined;
  if (!load) {
    const names = Object.keys(BUILT_IN);
    throw usageError(
      'unknown-strategy',
      `There is no strategy "${ref.builtin}".${didYouMean(ref.builtin, names)}`,
      `Built-in strategies: ${names.join(', ')}; or give the path of a .ts file.`,
    );
  }
  return (await load()).default;
};

const SCRIPT = /\.[cm]?[jt]sx?$/;

const isPath = (text: string): boolean => /[\\/]/.test(text) || SCRIPT.test(text) || (!Object.hasOwn(BUILT_IN, text) && existsSync(text));

/**
 * A strategy by built-in name or by path of a `.ts` or `.js` file: type-checked, bundled into `cacheDir` and imported from there.
 * Throws a `UserError` for an unknown name, a type error, an import that is not allowed, and a default export that is no strategy.
 */
export const resolveStrategy = async (nameOrPath: string, { cacheDir }: { cacheDir: string }): Promise<ResolvedStrategy> => {
  if (!isPath(nameOrPath)) {
    const ref = { builtin: nameOrPath };
    return { ref, hash: `builtin:${nameOrPath}`, strategy: await loadStrategy(ref), file: null, stored: null, inputs: [] };
  }
  const file = resolve(nameOrPath);
  if (statSync(file, { throwIfNoEntry: false })?.isDirectory() === true)
    throw usageError('bad-strategy-file', `${nameOrPath} is a folder.`, 'Name the .ts file in it.');
  if (!SCRIPT.test(file))
    throw usageError('bad-strategy-file', `${nameOrPath} is not a .ts or .js file.`, 'A strategy is a .ts file; see docs/strategies.md.');
  const [bundled, checked] = await Promise.allSettled([
    bundleStrategy(file, { cacheDir }),
    existsSync(file) ? typeCheck(file, { cacheDir }) : undefined,
  ]);
  // A bad import shows up in both; the bundler says it better. Any other mistake the type check says better.
  if (bundled.status === 'rejected' && bundled.reason instanceof UserError && bundled.reason.code !== 'syntax-error') throw bundled.reason;
  if (checked.status === 'rejected') throw checked.reason;
  if (bundled.status === 'rejected') throw bundled.reason;
  const bundle = bundled.value;
  return {
    ref: { bundle: bundle.file },
    hash: bundle.hash,
    strategy: await importBundle(bundle.file, nameOrPath),
    file,
    stored: bundle.stored,
    inputs: bundle.inputs,
  };
};
