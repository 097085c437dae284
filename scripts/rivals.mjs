// Installs what the benchmark of rivals compares with, below bench/rivals; nobody else needs it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** What npm said, in the one line that holds the reason. */
const reasonOf = error => {
  const lines = String(error.stderr ?? '')
    .split('\n')
    .map(line => /^npm error (?!code |errno |syscall |A complete log)(?:notarget |[A-Z]?\d+ )?(.+)$/.exec(line)?.[1]?.trim())
    .filter(line => line !== undefined);
  return (lines[0] ?? error.message.split('\n')[0]).replace(/ - GET \S+/, '').replace(/[.:]$/, '');
};

/** Packages exactly as the lock file has them; where a folder has none, as its package.json says. No script of theirs is run. */
const install = async folder => {
  const locked = existsSync(join(folder, 'package-lock.json'));
  const wanted = await readFile(join(folder, locked ? 'package-lock.json' : 'package.json'), 'utf8');
  const mark = join(folder, 'node_modules', '.installed');
  if ((await readFile(mark, 'utf8').catch(() => null)) === wanted) return null;
  const verb = locked ? ['ci'] : ['install', '--no-package-lock'];
  try {
    await promisify(execFile)('npm', [...verb, '--prefix', folder, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error']);
    await writeFile(mark, wanted);
    return null;
  } catch (error) {
    await rm(join(folder, 'node_modules'), { recursive: true, force: true });
    return reasonOf(error);
  }
};

/** The folder of the rivals and why those that are not there are not, by the folder below it in which they would be. */
export const installRivals = async folder => {
  const below = (await readdir(folder, { withFileTypes: true })).filter(
    entry => entry.isDirectory() && existsSync(join(folder, entry.name, 'package.json')),
  );
  const missing = {};
  for (const name of ['', ...below.map(entry => entry.name)]) {
    console.error(`rivals: installing ${name === '' ? 'packages' : name} …`);
    const reason = await install(join(folder, name));
    if (reason !== null) missing[name] = reason;
  }
  return { folder, missing };
};
