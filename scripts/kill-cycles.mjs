// Session processes killed with SIGKILL and started again: `npm run soak:kill -- --cycles 1000 [--seed N] [--venue binance] [--minutes 60] [--lanes 4] [--check-every 50] [--quiet]`.
// A practice exchange outlives them; every law of the oracle must hold in the end. `--json` prints one document.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { killCycles } from '../dist/practice/processes/kill-cycles.js';
import { NOT_KILLED } from '../dist/practice/processes/kill-lane.js';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const has = name => process.argv.includes(`--${name}`);
const workspace = await mkdtemp(join(tmpdir(), 'quantai-kills-'));
const seed = Number(argument('seed', Math.floor(Date.now() / 1000) % 1_000_000));
const cycles = Number(argument('cycles', 60));
console.error(`${cycles} cycles from seed ${seed} in ${workspace}`);
const report = await killCycles({
  seed,
  cycles,
  workspace,
  cli: fileURLToPath(new URL('../dist/cli.js', import.meta.url)),
  venue: argument('venue', 'binance'),
  lanes: Number(argument('lanes', 4)),
  speed: Number(argument('speed', 150)),
  untilMs: Number(argument('minutes', Infinity)) * 60_000,
  checkEvery: Number(argument('check-every', 50)),
  say: has('quiet') ? () => {} : line => console.error(line),
});
const { points, violations, bites, ...figures } = report;
if (has('json')) console.log(JSON.stringify(report));
else {
  for (const [point, times] of Object.entries(points)) console.log(`${String(times).padStart(5)}  ${point}`);
  console.log(`${Object.keys(points).filter(point => !NOT_KILLED.has(point)).length} distinct kill points`);
  console.log(JSON.stringify(figures));
  console.log(JSON.stringify(bites));
  for (const { law, text } of violations) console.log(`${law}: ${text}`);
  console.log(violations.length === 0 ? 'Every law holds.' : `${violations.length} violations; the workspace is kept: ${workspace}`);
}
if (violations.length === 0 && !has('keep')) await rm(workspace, { recursive: true, force: true });
process.exitCode = violations.length === 0 ? 0 : 1;
