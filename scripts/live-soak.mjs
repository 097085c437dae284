// A session on the practice exchange over real sockets for half an hour, with faults of all kinds at low rates: `npm run soak:live -- [--minutes 30] [--seed N] [--venue binance] [--speed 60]`.
// Prints a line a minute, and in the end the slopes of heap and handles and the laws. `--json` prints one document.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { liveSoak } from '../dist/practice/processes/live-soak.js';

const argument = (name, fallback) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? fallback : process.argv[at + 1];
};
const workspace = await mkdtemp(join(tmpdir(), 'quantai-soak-'));
const minutes = Number(argument('minutes', 30));
const seed = Number(argument('seed', Math.floor(Date.now() / 1000) % 1_000_000));
console.error(
  `${minutes} minutes from seed ${seed} in ${workspace}${globalThis.gc ? '' : '; without --expose-gc the heap is as it happens to be'}`,
);
const report = await liveSoak({
  seed,
  minutes,
  venue: argument('venue', 'binance'),
  workspace,
  speed: Number(argument('speed', 60)),
  warmMinutes: Math.min(5, minutes / 3),
  say: line => console.error(line),
});
const { violations, counts, bites, ...figures } = report;
if (process.argv.includes('--json')) console.log(JSON.stringify(report));
else {
  console.log(JSON.stringify(figures, null, 1));
  console.log(`bites ${JSON.stringify(bites)}`);
  console.log(`facts ${JSON.stringify(counts)}`);
  for (const { law, text } of violations) console.log(`${law}: ${text}`);
}
const holds = violations.length === 0 && report.unsettled === null;
if (holds) await rm(workspace, { recursive: true, force: true });
process.exitCode = holds ? 0 : 1;
