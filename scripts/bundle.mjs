// Packs the built program into one zip that runs after unzip and one command: `node start.mjs`.
//
//   npm run bundle          builds first
//   node scripts/bundle.mjs [--root FOLDER] [--out FILE]
//
// The same files give the same bytes: names are sorted, times are fixed, and nothing of this computer goes in. What is installed from the lock file is not in it: its native parts differ between computers, and are 330 MB.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';
import { sbomOf } from './sbom.mjs';

const optionOf = name => {
  const at = process.argv.indexOf(`--${name}`);
  return at > 0 ? process.argv[at + 1] : undefined;
};

const OWN = fileURLToPath(new URL('..', import.meta.url));
const root = resolve(optionOf('root') ?? OWN);
const out = resolve(optionOf('out') ?? join(root, 'dist', 'QuantAI-Trad-full-program.zip'));

/** What goes in, where it is there. */
const PARTS = [
  'dist',
  'docs',
  'examples',
  'notebooks',
  'datasets/sample',
  'datasets/README.md',
  'reports/README.md',
  'package.json',
  'package-lock.json',
  'README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CONTRIBUTING.md',
  'LICENSE',
];
const NEEDED = ['dist/cli.js', 'dist/index.d.ts', 'package.json', 'package-lock.json', 'datasets/sample/HEAD'];
const LEFT_OUT = [/\.map$/, /\.zip$/, /(?:^|\/)node_modules\//, /(?:^|\/)\.(?:cache|ipynb_checkpoints)(?:\/|$)/, /\.tsbuildinfo$/];

const filesUnder = path => {
  if (!existsSync(path)) return [];
  if (statSync(path).isFile()) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter(item => item.isFile())
    .map(item => join(item.parentPath, item.name));
};

const named = path => relative(root, path).split(sep).join(posix.sep);
const files = new Map(
  PARTS.flatMap(part => filesUnder(join(root, part)))
    .map(path => [named(path), path])
    .filter(([name]) => !LEFT_OUT.some(pattern => pattern.test(name)))
    .map(([name, path]) => [name, readFileSync(path)]),
);
const missing = NEEDED.filter(name => !files.has(name));
if (missing.length > 0) {
  process.stderr.write(`error: There is no ${missing.join(', no ')}.\nfix: npm run build\n`);
  process.exit(1);
}
for (const name of ['start.mjs', 'quantai', 'quantai.cmd']) files.set(name, readFileSync(join(OWN, 'scripts', 'bundle', name)));
files.set(
  'sbom.cdx.json',
  Buffer.from(`${JSON.stringify(sbomOf(JSON.parse(files.get('package-lock.json').toString('utf8'))), undefined, 2)}\n`),
);

const byName = (a, b) => (a < b ? -1 : 1);
const sums = [...files.keys()].sort(byName).map(name => `${createHash('sha256').update(files.get(name)).digest('hex')}  ${name}`);
files.set('SHA256SUMS', Buffer.from(`${sums.join('\n')}\n`));

const EXECUTABLE = new Set(['start.mjs', 'quantai', 'dist/cli.js']);
const TOP = 'QuantAI-Trad';
const UNIX = 3;
const entries = Object.fromEntries(
  [...files.keys()].sort(byName).map(name => {
    const mode = 0o100000 | (EXECUTABLE.has(name) ? 0o755 : 0o644);
    // The zip keeps local time without a zone, so that this is the same moment everywhere.
    return [`${TOP}/${name}`, [new Uint8Array(files.get(name)), { level: 9, mtime: new Date(2024, 0, 1), os: UNIX, attrs: mode << 16 }]];
  }),
);
const zip = zipSync(entries);
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, zip);
writeFileSync(`${out}.sha256`, `${createHash('sha256').update(zip).digest('hex')}  ${out.split(sep).at(-1)}\n`);
process.stdout.write(`${relative(process.cwd(), out) || out}  ${(zip.length / 1e6).toFixed(1)} MB, ${files.size} files\n`);
