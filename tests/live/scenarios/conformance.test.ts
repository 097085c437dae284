import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { conformanceText, wireRows } from '../../../src/practice/rig/conformance-table.js';
import { MUTATIONS } from '../../../src/practice/rig/mutations.js';
import { SCENARIOS } from '../../../src/practice/rig/scenario-table.js';

const filesOf = (folder: string): { readonly path: string; readonly text: string }[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .filter(name => name.endsWith('.test.ts'))
        .map(name => ({ path: `${folder}/${name}`, text: readFileSync(`${folder}/${name}`, 'utf8') }))
    : [];
const words = (text: string): string => text.replace(/[\s|-]+/g, ' ').trim();

// The other files of this folder show that each row holds: here the page must say so, of the scenarios and defences that there are.
it('the page of conformance is the one that is made now, with every row holding', () => {
  const page = readFileSync('docs/conformance.md', 'utf8');
  const date = /Date: (\d{4}-\d\d-\d\d)/.exec(page)?.[1] ?? '';
  const made = conformanceText({
    date,
    seeds: [1, 2, 3],
    rows: SCENARIOS.map(scenario => ({ scenario, found: [] })),
    wire: wireRows(['tests/live/wire', 'tests/live/scenarios-bybit'].flatMap(filesOf)),
    mutations: MUTATIONS,
  });
  expect(words(page)).toBe(words(made));
});

it('reads from tests over the wire which rows they play at which venue', () => {
  const rows = wireRows([
    { path: 'tests/live/wire/a.test.ts', text: "{ row: 1, name: 'x' }, { row: 20, venues: ['binance'], name: 'y' }" },
    { path: 'tests/live/scenarios-bybit/b.test.ts', text: "it('7: z', () => {})" },
  ]);
  expect(rows.map(({ row, venue }) => `${row} ${venue}`)).toEqual(['1 binance', '1 bybit', '20 binance', '7 bybit']);
});
