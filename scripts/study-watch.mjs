// Does the test of profit alarm as rarely as it says, and catch as soon? node scripts/study-watch.mjs [--sessions 1000] [--paths 1000] [--sharpe 4] [--horizon 90] [--json]
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';

const { values } = parseArgs({
  options: {
    sessions: { type: 'string', default: '1000' },
    paths: { type: 'string', default: '1000' },
    sharpe: { type: 'string', default: '4' },
    horizon: { type: 'string', default: '90' },
    json: { type: 'boolean', default: false },
  },
});
const [sessions, paths, sharpe, horizon] = [values.sessions, values.paths, values.sharpe, values.horizon].map(Number);
const falseAlarm = 0.05;
const stated = 0.8 * falseAlarm;
const power = 0.8;

const root = fileURLToPath(new URL('..', import.meta.url));
await mkdir(join(root, '.cache'), { recursive: true });
const folder = await mkdtemp(join(root, '.cache', 'study-'));
try {
  const outfile = join(folder, 'watch.mjs');
  await build({
    entryPoints: [join(root, 'bench/studies/watch.ts')],
    outfile,
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node20',
    logLevel: 'warning',
    packages: 'external',
  });
  const { DAILY_LAWS, watchSessions } = await import(pathToFileURL(outfile).href);
  const results = [];
  for (const law of DAILY_LAWS)
    for (const history of [250, 500]) {
      console.error(`${law.name}, ${history} days …`);
      results.push({ law: law.name, history, ...watchSessions(law, { history, horizon, falseAlarm, sessions, paths, sharpe }) });
    }
  if (values.json) console.log(JSON.stringify({ sessions, paths, sharpe, horizon, falseAlarm, results }, null, 2));
  else {
    const percent = share => `${(100 * share).toFixed(1)} %`.padStart(8);
    /** Two standard errors of a share of so many. */
    const far = (share, expected, n) => (Math.abs(share - expected) > 2 * Math.sqrt((expected * (1 - expected)) / n) ? ' *' : '  ');
    console.log(
      `${sessions} sessions of ${horizon} days a row, ${paths} simulated ones behind each threshold, annual Sharpe ratio ${sharpe}`,
    );
    console.log(`Stated: ${percent(stated).trim()} false alarms of the test of profit; ${percent(power).trim()} caught within the delay\n`);
    console.log('law              history   false alarms   caught in time   of     median delay');
    for (const { law, history, falseAlarms, stated: told, caught, delay } of results)
      console.log(
        `${law.padEnd(16)} ${String(history).padStart(5)}      ${percent(falseAlarms / sessions)}${far(falseAlarms / sessions, stated, sessions)}      ` +
          `${told === 0 ? '       –' : percent(caught / told)}${told === 0 ? '  ' : far(caught / told, power, told)}      ${String(told).padStart(5)}   ${Number.isNaN(delay) ? 'over ten horizons' : `${delay} days`}`,
      );
    console.log('\n* further than two standard errors from what is stated');
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}
