import { createHash, randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, realpath, rename, writeFile } from 'node:fs/promises';
import { createRequire, isBuiltin } from 'node:module';
import { basename, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { BuildFailure, BuildResult, Message, OnResolveArgs, OnResolveResult, Plugin } from 'esbuild';
import { failed, usageError } from '../errors.js';
import { GUARDED_NAMES } from './guarded-globals.js';

/** A strategy file and all it imports, as one module. */
export interface Bundle {
  /** The module to import: the bundle with `quantai-trad` and `rxjs` pointing at the platform's own copies, and a source map. Its name ends with the SHA-256 of its bytes. */
  readonly file: string;
  /** The bundle as it is kept with a run: no path of this computer is in it, its name is its hash. */
  readonly stored: string;
  /** SHA-256 of the stored text, hex: the identity of the strategy's code. */
  readonly hash: string;
  /** Absolute paths of every file that went in, the entry first. */
  readonly inputs: readonly string[];
}

const GUARD = 'quantai-trad/guard';
const PLATFORM = new Set(['quantai-trad', 'rxjs', 'rxjs/operators']);
/** Node modules that only compute. */
const PURE = new Set([
  'assert',
  'assert/strict',
  'buffer',
  'events',
  'path',
  'path/posix',
  'querystring',
  'string_decoder',
  'url',
  'util',
  'util/types',
]);

const guardModule = [
  `import { guarded } from '${GUARD}';`,
  ...GUARDED_NAMES.map(name => `export const ${name} = /* @__PURE__ */ guarded('${name}');`),
].join('\n');

/** Which imports a strategy may have. Errors raised here carry the line of the import. */
const imports: Plugin = {
  name: 'strategy-imports',
  setup(build) {
    const error = (text: string): OnResolveResult => ({ errors: [{ text }] });
    build.onResolve({ filter: /.*/ }, ({ path, kind, namespace }: OnResolveArgs): OnResolveResult | undefined => {
      if (path === GUARD)
        return namespace === 'quantai' ? { path, external: true, sideEffects: false } : { path, namespace: 'quantai', sideEffects: false };
      if (kind === 'dynamic-import')
        return error(`A strategy cannot import "${path}" at run time; use an import statement at the top of the file`);
      if (PLATFORM.has(path)) return { path, external: true };
      if (path.startsWith('quantai-trad/')) return error(`There is no "${path}"; everything for strategies is exported by "quantai-trad"`);
      if (path.startsWith('node:') || isBuiltin(path)) {
        const name = path.replace(/^node:/, '');
        return PURE.has(name)
          ? { path: `node:${name}`, external: true, sideEffects: false }
          : error(
              `A strategy cannot import "${path}": files, network, processes and clocks are out of its reach, so that it decides alike tomorrow`,
            );
      }
      return undefined;
    });
    build.onLoad({ filter: /.*/, namespace: 'quantai' }, () => ({ contents: guardModule }));
  },
};

const FIX: Readonly<Record<string, string>> = {
  'unsupported-dynamic-import': 'Use an import statement at the top of the file.',
  'unsupported-require-call': 'Use an import statement at the top of the file.',
  'direct-eval': 'Write the code out; what eval runs is not part of the bundle.',
};

const describe = (message: Message, folder: string): string => {
  const { location, text } = message;
  if (!location) return text;
  return `${resolve(folder, location.file)}:${location.line}:${location.column + 1} – ${text}\n  ${location.line} | ${location.lineText.trimEnd()}`;
};

const asUserError = (failure: BuildFailure, folder: string): Error => {
  const [first] = failure.errors;
  if (!first) return failure;
  const more = failure.errors.length > 1 ? `\n(and ${failure.errors.length - 1} more)` : '';
  const unresolved = first.text.startsWith('Could not resolve');
  const code = unresolved
    ? 'unresolved-import'
    : first.pluginName === imports.name || first.id in FIX
      ? 'forbidden-import'
      : 'syntax-error';
  const fix = unresolved
    ? `Check the path, or install the package in ${folder}.`
    : (FIX[first.id] ??
      (code === 'forbidden-import' ? 'Make values parameters of the strategy, and bring data in with `quantai data import`.' : undefined));
  return failed(code, describe(first, folder) + more, fix);
};

const build = async (entry: string): Promise<BuildResult<{ write: false; metafile: true }>> => {
  const esbuild = await import('esbuild');
  const folder = dirname(entry);
  try {
    return await esbuild.build({
      entryPoints: [entry],
      // Names in the output are relative to here, so that a project gives the same bundle wherever it lies.
      absWorkingDir: folder,
      outfile: join(folder, 'bundle.mjs'),
      bundle: true,
      format: 'esm',
      platform: 'node',
      target: 'es2022',
      charset: 'utf8',
      legalComments: 'none',
      // Lowered to a call, which is then pointed at the platform's own power.
      supported: { 'exponent-operator': false },
      define: { 'process.env.NODE_ENV': '"production"' },
      inject: [GUARD],
      plugins: [imports],
      sourcemap: 'external',
      metafile: true,
      write: false,
      logLevel: 'silent',
      logOverride: { 'unsupported-dynamic-import': 'error', 'unsupported-require-call': 'error', 'direct-eval': 'error' },
      tsconfigRaw: '{}',
    });
  } catch (error) {
    throw error instanceof Error && 'errors' in error ? asUserError(error as BuildFailure, folder) : error;
  }
};

/** A file of the platform next to this one, compiled or, in a checkout under test, as source. */
const platformModule = (path: string): string => {
  const url = new URL(path, import.meta.url);
  const source = new URL(path.replace(/\.js$/, '.ts'), import.meta.url);
  return (existsSync(fileURLToPath(url)) ? url : source).href;
};

const platformUrl = (specifier: string): string => {
  if (specifier === 'quantai-trad') return platformModule('../index.js');
  if (specifier === GUARD) return platformModule('./guarded-globals.js');
  return pathToFileURL(createRequire(import.meta.url).resolve(specifier)).href;
};

const SPECIFIERS: readonly string[] = [...PLATFORM, GUARD];

const importOf = (modules: readonly string[]): RegExp =>
  new RegExp(
    `^((?:import|export) (?:[^"'\`;]*? from )?)"(${modules.map(name => name.replace(/[.+?()[\]$^*|{}]/g, '\\$&')).join('|')})";$`,
    'gm',
  );

const IMPORT = importOf(SPECIFIERS);

/** Code that names the platform's modules, importing this installation's copies of them. */
export const withPlatformOf = (text: string): string =>
  text.replace(IMPORT, (_, head: string, specifier: string) => `${head}"${platformUrl(specifier)}";`);

/** The reverse: code that imports this installation's copies, naming them as the strategy's author did. */
export const platformImports = (text: string): string => {
  const names = new Map(SPECIFIERS.map(name => [platformUrl(name), name]));
  return text.replace(importOf([...names.keys()]), (_, head: string, url: string) => `${head}"${names.get(url)}";`);
};

/** The stored text with the platform's specifiers as file URLs. Lines stay where they are, so that the source map holds. */
const loadable = (text: string, map: string, folder: string): string => {
  const parsed = JSON.parse(map) as { sources: string[] };
  parsed.sources = parsed.sources.map(source => (source.startsWith('quantai:') ? source : pathToFileURL(resolve(folder, source)).href));
  return `${withPlatformOf(text)}\n//# sourceMappingURL=data:application/json;base64,${Buffer.from(JSON.stringify(parsed)).toString('base64')}\n`;
};

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Content-addressed files never change; a rename makes two processes writing the same one harmless. */
export const writeOnce = async (file: string, text: string): Promise<void> => {
  if (existsSync(file) && (await readFile(file, 'utf8')) === text) return;
  const temporary = `${file}.${randomUUID()}.tmp`;
  await writeFile(temporary, text);
  await rename(temporary, file);
};

/**
 * Bundle a strategy's `.ts` or `.js` file with everything it imports into `cacheDir`. The same sources give the same hash in any folder.
 * A bundled strategy sees guarded globals (see guarded-globals.ts).
 * Throws a `UserError` that names file, line and column for an import that cannot be resolved, is made at run time, or reaches for
 * files, network, processes or clocks, and for a syntax error.
 */
export const bundleStrategy = async (path: string, { cacheDir }: { cacheDir: string }): Promise<Bundle> => {
  const absolute = resolve(path);
  if (!existsSync(absolute))
    throw usageError(
      'no-such-file',
      `There is no file ${path}.`,
      'Give the path of a .ts file whose default export is a strategy, or the name of a built-in one.',
    );
  const entry = await realpath(absolute);
  const folder = dirname(entry);
  const result = await build(entry);
  const output = result.outputFiles.find(file => file.path.endsWith('.mjs'));
  const map = result.outputFiles.find(file => file.path.endsWith('.map'));
  if (!output || !map) throw new Error(`esbuild wrote no bundle for ${path}`);
  const text = output.text.replace(/^var __pow = Math\.pow;$/m, `import { power as __pow } from "${GUARD}";`);
  const hash = sha256(text);
  const twin = loadable(text, map.text, folder);
  const stored = join(resolve(cacheDir), `${hash}.mjs`);
  const file = join(resolve(cacheDir), `${basename(entry).replace(/\.[cm]?[jt]s$/, '')}-${hash.slice(0, 8)}-${sha256(twin)}.mjs`);
  await mkdir(resolve(cacheDir), { recursive: true });
  await Promise.all([writeOnce(stored, text), writeOnce(file, twin)]);
  const inputs = Object.keys(result.metafile.inputs)
    .filter(input => !input.startsWith('quantai:'))
    .map(input => resolve(folder, input))
    .sort((a, b) => Number(b === entry) - Number(a === entry) || (a < b ? -1 : 1));
  return { file, stored, hash, inputs };
};

/**
 * Make a stored bundle importable on this computer: the file to import, next to the stored one. For a bundle kept with a run whose
 * sources are gone.
 */
export const openStoredBundle = async (stored: string): Promise<string> => {
  const text = await readFile(stored, 'utf8');
  const file = `${stored.replace(/\.mjs$/, '')}.loadable.mjs`;
  await writeOnce(file, withPlatformOf(text));
  return file;
};
