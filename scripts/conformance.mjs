// Plays every row of the table of faults in the simulated world, seeds 1 to 3, and writes docs/conformance.md: `node scripts/conformance.mjs --date 2024-01-31`, after `npm run build`.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { conformanceText, wireRows } from '../dist/practice/rig/conformance-table.js';
import { MUTATIONS } from '../dist/practice/rig/mutations.js';
import { play } from '../dist/practice/rig/play.js';
import { SCENARIOS } from '../dist/practice/rig/scenario-table.js';

const at = process.argv.indexOf('--date');
const date = process.argv[at + 1];
if (at < 0 || !/^\d{4}-\d\d-\d\d$/.test(date ?? '')) {
  console.error('Give the day: --date 2024-01-31');
  process.exit(2);
}
const seeds = [1, 2, 3];
const rows = [];
for (const scenario of SCENARIOS) {
  const found = [];
  for (const seed of seeds) {
    const { violations, failures } = await play(scenario, { seed });
    found.push(
      ...[...violations.map(({ law, text }) => `${law.toUpperCase()}: ${text}`), ...failures].map(text => `seed ${seed}: ${text}`),
    );
  }
  rows.push({ scenario, found });
  console.error(
    `${found.length === 0 ? 'holds' : 'FAILS'}  ${scenario.number} ${scenario.name}${found.length === 0 ? '' : `: ${found[0]}`}`,
  );
}
const wire = wireRows(
  ['tests/live/wire', 'tests/live/scenarios-bybit']
    .filter(folder => existsSync(folder))
    .flatMap(folder =>
      readdirSync(folder)
        .sort()
        .map(name => `${folder}/${name}`),
    )
    .filter(path => path.endsWith('.test.ts'))
    .map(path => ({ path, text: readFileSync(path, 'utf8') })),
);
writeFileSync('docs/conformance.md', conformanceText({ date, seeds, rows, wire, mutations: MUTATIONS }));
const failing = rows.filter(({ found }) => found.length > 0).length;
console.error(`${SCENARIOS.length} scenarios, ${failing} fail`);
process.exitCode = failing > 0 ? 1 : 0;
