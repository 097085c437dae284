import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a project's package.json says of the platform. */
export interface InitPlatform {
  /** A version, or `file:` and a path relative to the project. */
  readonly spec: string;
  readonly version: string;
  readonly typescript: string;
  /** Why the project names a path, or null. */
  readonly note: string | null;
}

const ROOT = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

const versionIn = async (file: string): Promise<string> =>
  String((JSON.parse(await readFile(file, 'utf8')) as { version?: unknown }).version);

/** Where the installed package came from if that was a file: npm keeps it beside what it installed. */
const installedFrom = async (root: string): Promise<string | null> => {
  const modules = dirname(root);
  if (!modules.endsWith(`${sep}node_modules`)) return null;
  try {
    const lock = JSON.parse(await readFile(join(modules, '.package-lock.json'), 'utf8')) as {
      packages?: Record<string, { resolved?: string } | undefined>;
    };
    const resolved = lock.packages?.['node_modules/quantai-trad']?.resolved;
    return resolved?.startsWith('file:') === true ? resolve(dirname(modules), resolved.slice('file:'.length)) : null;
  } catch {
    return null;
  }
};

/** How a project in `folder` can depend on the platform that runs: by version where a registry gave it, else by its path. `root` is the platform's folder. */
export const initPlatform = async (folder: string, root: string = ROOT): Promise<InitPlatform> => {
  const version = await versionIn(join(root, 'package.json'));
  const typescript = await versionIn(createRequire(import.meta.url).resolve('typescript/package.json'));
  const isInstalled = dirname(root).endsWith(`${sep}node_modules`);
  const path = isInstalled ? await installedFrom(root) : root;
  if (path === null) return { spec: version, version, typescript, note: null };
  const way = relative(folder, path);
  const spec = `file:${(isAbsolute(way) ? way : way.startsWith('.') ? way : `./${way}`).replaceAll('\\', '/')}`;
  return {
    spec,
    version,
    typescript,
    note: `quantai-trad comes from ${path}: this copy was not installed from a registry. Moving either folder means changing the path in package.json.`,
  };
};
