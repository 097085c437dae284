import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { platformImports, withPlatformOf, writeOnce } from './bundle.js';
import { failed } from '../errors.js';

const LEFT = /^(?:import|export) (?:[^"'`;]*? from )?"(file:[^"]+)";$/m;

/** A strategy's bundle as another installation of the platform can use it. */
export interface PortableBundle {
  /** Begins the name of the file there: the strategy's file and eight digits of its hash, for people who read stacks. */
  readonly name: string;
  /** The code with its source map; `quantai-trad` and `rxjs` are named, not pointed at. */
  readonly text: string;
}

/** A bundle that was made or opened by this installation, without the paths of its own copies of the platform. */
export const portableBundle = async (file: string): Promise<PortableBundle> => {
  const text = platformImports(await readFile(file, 'utf8'));
  const left = LEFT.exec(text)?.[1];
  if (left !== undefined)
    throw failed(
      'foreign-bundle',
      `${file} was made by another installation: it imports ${left}.`,
      'Begin again: it is made anew from its sources.',
    );
  const name = basename(file, '.mjs')
    .replace(/-[0-9a-f]{64}$/, '')
    .replace(/\.loadable$/, '');
  return { name, text };
};

/** Writes such a bundle into a folder, importing this installation's own copies, and gives the file to import. Its name ends with the hash of its bytes, which `loadStrategy` looks at. */
export const openPortableBundle = async ({ name, text }: PortableBundle, folder: string): Promise<string> => {
  const twin = withPlatformOf(text);
  const home = resolve(folder);
  await mkdir(home, { recursive: true });
  const safe = name.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, 100);
  const file = join(home, `${safe}-${createHash('sha256').update(twin).digest('hex')}.mjs`);
  await writeOnce(file, twin);
  return file;
};
