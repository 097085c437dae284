import { createHash, type Hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** What can be run, and data that it reads; maps and declarations are not. */
const RUN = /\.[cm]?js$|\.json$/;
/** The same before it is built. */
const SOURCE = /(?<!\.d)\.[cm]?ts$|\.[cm]?js$|\.json$/;

/** Folders at the top that no job runs: pages and the servers of a workspace, of which a bundle has some that a package has not. */
const NO_JOBS = new Set(['site', 'man', 'dashboard']);

const addFolder = (hash: Hash, folder: string, name: string, isCode: RegExp): void => {
  const items = readdirSync(folder, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const item of items) {
    if (name === '' && NO_JOBS.has(item.name)) continue;
    const inside = `${name}/${item.name}`;
    if (item.isDirectory()) addFolder(hash, `${folder}/${item.name}`, inside, isCode);
    else if (isCode.test(item.name)) {
      const content = readFileSync(`${folder}/${item.name}`);
      // With its length, so that no file's end is taken for the next one's beginning.
      hash.update(`${inside}\n${content.length}\n`).update(content);
    }
  }
};

/** SHA-256 over the code in a folder: names within it and contents, so that it is the same wherever the folder lies. */
export const folderCode = (folder: string, isCode = RUN): string => {
  const hash = createHash('sha256');
  addFolder(hash, folder, '', isCode);
  return hash.digest('hex');
};

const FUNCTIONS = [
  'exp',
  'expm1',
  'log',
  'log1p',
  'log2',
  'log10',
  'pow',
  'sqrt',
  'cbrt',
  'sin',
  'cos',
  'tan',
  'atan',
  'tanh',
  'sinh',
] as const;

/** SHA-256 over what this Node makes of some thousand numbers: the last bits of these functions are not the same in every version. */
const arithmetic = (): string => {
  const results = new Float64Array(FUNCTIONS.length * 300);
  let at = 0;
  for (const name of FUNCTIONS)
    for (let i = 1; i <= 300; i++) {
      const x = i * 0.037 + 1 / i;
      results[at++] = name === 'pow' ? x ** (i / 97) : Math[name](x);
    }
  return createHash('sha256').update(new Uint8Array(results.buffer)).digest('hex');
};

/** Threads run the built files also when the rest is run from source. */
const codeFolder = (): readonly [string, RegExp] => {
  const own = fileURLToPath(new URL('../..', import.meta.url));
  if (!import.meta.url.endsWith('.ts')) return [own, RUN];
  const built = fileURLToPath(new URL('../../../dist', import.meta.url));
  return existsSync(`${built}/cluster/worker-entry.cjs`) ? [built, RUN] : [own, SOURCE];
};

let known: string | undefined;

/** What results may depend on beyond the version's number, as one hash: the code that jobs run, and this Node's arithmetic. Found out once a process: what runs is what was there at the beginning. */
export const ownCode = (): string =>
  (known ??= createHash('sha256')
    .update(`${folderCode(...codeFolder())}\n${arithmetic()}`)
    .digest('hex'));
