// Hundreds of worlds of pure noise: how often do skill intervals see something, or miss what is there? Exits with 1 where it is more often than chance explains.
// `npm run soak:models [-- --json]`; about two minutes. The same code as tests/models/planted/pure-noise.test.ts, which runs a tenth of the seeds.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const json = process.argv.includes('--json');
const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'quantai-soak-'));
const seen = join(folder, 'seen.jsonl');
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const { status, stdout, stderr } = spawnSync(process.execPath, [vitest, 'run', 'tests/models/planted/pure-noise.test.ts'], {
  cwd: root,
  env: { ...process.env, SOAK_MODELS: seen },
  encoding: 'utf8',
  timeout: 30 * 60_000,
});
const rows = existsSync(seen)
  ? readFileSync(seen, 'utf8')
      .trim()
      .split('\n')
      .map(line => JSON.parse(line))
  : [];
rmSync(folder, { recursive: true, force: true });

const ok = status === 0 && rows.length > 0;
if (json) console.log(JSON.stringify({ ok, models: rows }, null, 2));
else {
  console.log('Pure noise, 2,000 rows a seed. "Above": the 95 % interval of the skill lies above 0 (nominal 2.5 %).');
  console.log('"Missed": it does not hold the true skill (nominal 5 %). In brackets: most that chance explains, 99.9 %.\n');
  console.log('model              seeds  mean skill  above      missed');
  for (const { model, seeds, meanSkill, above, mostAbove, missed, mostMissed } of rows)
    console.log(
      `${model.padEnd(18)} ${String(seeds).padStart(5)}  ${meanSkill.toFixed(4).padStart(10)}  ${`${above} (${mostAbove})`.padEnd(9)}  ${missed} (${mostMissed})`,
    );
  console.log(ok ? '\nAll within what chance explains.' : '\nViolated:');
}
if (!ok) {
  console.error(`${stdout}\n${stderr}`);
  process.exitCode = 1;
}
