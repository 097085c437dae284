// Tries the bundle and the tarball as a new user would: each in an empty folder, from its first command to a report, with the seconds of each step.
//
//   npm run bundle && node scripts/try-bundle.mjs [--keep]
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';

const root = fileURLToPath(new URL('..', import.meta.url));
const zip = join(root, 'dist', 'QuantAI-Trad-full-program.zip');
const home = mkdtempSync(join(tmpdir(), 'quantai-bundle-'));
const out = text => process.stdout.write(`${text}\n`);

let failures = 0;
const check = (what, isTrue) => {
  out(`${isTrue ? 'ok   ' : 'WRONG'}  ${what}`);
  if (!isTrue) failures++;
};
/** What a new user's shell has: nothing of ours. */
const env = { PATH: process.env.PATH, HOME: home, TMPDIR: process.env.TMPDIR ?? tmpdir(), NO_COLOR: '1' };
for (const name of ['npm_config_registry', 'NPM_CONFIG_REGISTRY', 'npm_config_userconfig', 'NPM_CONFIG_USERCONFIG', 'NODE_EXTRA_CA_CERTS'])
  if (process.env[name]) env[name] = process.env[name];
env.npm_config_registry ??= execFileSync('npm', ['config', 'get', 'registry'], { cwd: root, encoding: 'utf8' }).trim();

const timed = (label, program, words, cwd, more = {}) => {
  const begun = Date.now();
  const ran = spawnSync(program, words, { cwd, env, encoding: 'utf8', maxBuffer: 1 << 28, ...more });
  out(`       ${label}: exit code ${ran.status}, ${((Date.now() - begun) / 1000).toFixed(1)} s`);
  if (ran.status !== 0) out(`${ran.stdout ?? ''}\n${ran.stderr ?? ''}`.trim().split('\n').slice(-20).join('\n'));
  return ran;
};
const reportIn = (folder, said) => {
  const report = /^Report (.+)$/m.exec(said)?.[1];
  return report !== undefined && existsSync(join(folder, report)) ? join(folder, report) : report && existsSync(report) ? report : null;
};

out(`Everything happens in ${home}.`);
out('\nThe bundle');
const unpacked = unzipSync(readFileSync(zip));
for (const [name, bytes] of Object.entries(unpacked)) {
  const path = join(home, 'zip', name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}
const top = join(home, 'zip', readdirSync(join(home, 'zip'))[0]);
const sums = readFileSync(join(top, 'SHA256SUMS'), 'utf8').trim().split('\n');
const wrong = sums.filter(
  line =>
    createHash('sha256')
      .update(readFileSync(join(top, line.slice(66))))
      .digest('hex') !== line.slice(0, 64),
);
check(`${sums.length} files, each with its checksum`, wrong.length === 0);
for (const part of [
  'dist/cli.js',
  'dist/dashboard/web/index.html',
  'datasets/sample/HEAD',
  'docs/tutorial.md',
  'notebooks',
  'sbom.cdx.json',
  'package-lock.json',
])
  check(`has ${part}`, existsSync(join(top, part)));
const first = timed('node start.mjs (installs, then the demo)', process.execPath, ['start.mjs'], top);
check('the first command ends with a report', first.status === 0 && reportIn(top, first.stdout) !== null);
const again = timed('node start.mjs again', process.execPath, ['start.mjs'], top);
check('the second start does not install', again.status === 0 && !again.stderr.includes('Installing'));
const doctor = timed('doctor', process.execPath, ['start.mjs', 'doctor', '--json'], top);
check('the doctor finds nothing wrong', doctor.status === 0);
if (doctor.status === 0)
  for (const { name, status, text } of JSON.parse(doctor.stdout).checks) if (status !== 'ok') out(`         ${status} ${name}: ${text}`);

out('\nThe tarball');
const packed = timed('npm pack (without building again)', 'npm', ['pack', '--ignore-scripts', '--json', '--pack-destination', home], root, {
  env: process.env,
});
const [{ filename, size, unpackedSize, entryCount }] = JSON.parse(packed.stdout);
out(`       ${filename}: ${(size / 1e6).toFixed(1)} MB, ${(unpackedSize / 1e6).toFixed(1)} MB unpacked, ${entryCount} files`);
const project = join(home, 'project');
mkdirSync(project);
writeFileSync(join(project, 'package.json'), '{ "name": "empty", "private": true }\n');
const installed = timed(
  'npm install TARBALL',
  'npm',
  ['install', '--no-audit', '--no-fund', '--loglevel=error', join(home, filename)],
  project,
);
check('it installs into an empty project', installed.status === 0);
const npx = words => timed(`npx quantai ${words.join(' ')}`, 'npx', ['--no-install', 'quantai', ...words], project);
const demo = npx(['demo']);
check('the demo ends with a report', demo.status === 0 && reportIn(project, demo.stdout) !== null);
check('its types are there', existsSync(join(project, 'node_modules/quantai-trad/dist/index.d.ts')));
check('init begins a project', npx(['init', 'desk']).status === 0);
const desk = join(project, 'desk');
check('which installs', timed('npm install', 'npm', ['install', '--no-audit', '--no-fund', '--loglevel=error'], desk).status === 0);
check('type-checks', timed('npm run types', 'npm', ['run', '--silent', 'types'], desk).status === 0);
check('and passes its test', timed('npm test', 'npm', ['test', '--silent'], desk).status === 0);

if (process.argv.includes('--keep')) out(`\nKept in ${home}`);
else rmSync(home, { recursive: true, force: true });
out(failures === 0 ? '\nAll of it works.' : `\n${failures} checks failed.`);
process.exitCode = failures === 0 ? 0 : 1;
