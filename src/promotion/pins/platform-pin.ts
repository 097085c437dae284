import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { canonicalJson } from '../../datasets/canonical-json.js';
import { PLATFORM } from '../../engine/platform.js';
import { fileHash, sha256 } from './file-hash.js';
import type { Pins } from './pins.js';

/** Folder of the running code: `dist` as installed, `src` under a test runner. */
const RUNNING = fileURLToPath(new URL('../..', import.meta.url));

/** Declarations and maps are not run. */
const NOT_RUN = /\.(map|d\.[cm]?ts|tsbuildinfo)$/;

/** SHA-256 over paths and contents of all files of a folder that can be run; declarations and source maps are none. */
export const codeHash = async (folder: string): Promise<string> => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = found
    .filter(entry => entry.isFile() && !NOT_RUN.test(entry.name))
    .map(entry => join(entry.parentPath, entry.name))
    .sort();
  const hashes: (readonly [string, string | null])[] = [];
  for (const path of paths) hashes.push([relative(folder, path).split(sep).join('/'), await fileHash(path)]);
  return sha256(canonicalJson(hashes));
};

const LOCKS = ['npm-shrinkwrap.json', 'package-lock.json'];

/**
 * The lock file that the platform's dependencies were installed by: its own in a checkout, that of the project that it is installed in, else the workspace's. `path` says whose it is.
 */
export const lockPin = async (root: string, platform = dirname(RUNNING)): Promise<Pins['platform']['lock']> => {
  const above = dirname(platform);
  const places: (readonly [string, string, readonly string[]])[] = [
    ['platform', platform, LOCKS],
    ...(basename(above) === 'node_modules'
      ? [['project', dirname(above), LOCKS] as const, ['project', dirname(above), ['node_modules/.package-lock.json']] as const]
      : []),
    ['workspace', root, LOCKS],
  ];
  for (const [whose, folder, names] of places)
    for (const name of names) {
      if (!existsSync(join(folder, name))) continue;
      const hash = await fileHash(join(folder, name));
      if (hash !== null) return { path: `${whose}/${name}`, sha256: hash };
    }
  return null;
};

let code: Promise<string> | undefined;

/** The platform that runs. Its code is read once a process: what runs is what was there at the beginning. */
export const platformPin = async (root: string): Promise<Pins['platform']> => ({
  version: PLATFORM,
  code: await (code ??= codeHash(RUNNING)),
  lock: await lockPin(root),
});
