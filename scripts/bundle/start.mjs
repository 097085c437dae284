#!/usr/bin/env node
// Runs quantai from this folder. The first time it installs what package-lock.json names. `node start.mjs` shows the demo; anything behind it goes to quantai.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const here = name => fileURLToPath(new URL(name, import.meta.url));
const say = text => process.stderr.write(`${text}\n`);

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  say(`error: Node ${process.versions.node} is too old.\nfix: Install Node 20.19 or newer.`);
  process.exit(2);
}

// Ctrl-C reaches the command as well, and it ends in its own time.
process.on('SIGINT', () => {});

const run = (program, words, options) =>
  new Promise(resolve => {
    const child = spawn(program, words, { stdio: 'inherit', ...options });
    child.on('error', error => {
      say(`error: ${program} does not start: ${error.message}`);
      resolve(1);
    });
    child.on('exit', code => resolve(code ?? 130));
  });

// npm writes this file last.
if (!existsSync(here('node_modules/.package-lock.json'))) {
  say('Installing what package-lock.json names into this folder, once. It takes about a minute.');
  const isWindows = process.platform === 'win32';
  const words = ['ci', '--omit=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const code = await run(isWindows ? 'npm.cmd' : 'npm', words, { cwd: here('.'), shell: isWindows, stdio: ['ignore', 2, 2] });
  if (code !== 0) {
    say('error: The packages could not be installed.\nfix: Look at what npm says above; it needs the registry once.');
    process.exit(1);
  }
}
const words = process.argv.length > 2 ? process.argv.slice(2) : ['demo'];
process.exitCode = await run(process.execPath, ['--max-semi-space-size=64', here('dist/cli.js'), ...words]);
