import type { RunDifference } from '../../experiments/run-differences.js';
import type { Section } from '../document.js';
import { NONE } from '../number-text.js';

const GROUP: Readonly<Record<RunDifference['group'], string>> = {
  code: 'Code',
  data: 'Data',
  params: 'Parameter',
  search: 'Search',
  config: 'Configuration',
};

/** Hashes are told apart by their beginnings. */
const short = (value: string): string => value.replace(/\b[0-9a-f]{16,}\b/g, hash => hash.slice(0, 12));

/** What was not the same when the runs were made; what is equal is not listed. */
export const makingSection = (names: readonly string[], differences: readonly RunDifference[]): Section => ({
  id: 'changed',
  title: 'What changed',
  lead: 'Code, data, parameters and configuration, value by value. What is equal in all runs is not listed.',
  blocks: [
    {
      kind: 'table',
      id: 'changed-table',
      caption: 'What is not the same in all runs',
      quiet: true,
      columns: [
        { title: 'Where', kind: 'text' },
        { title: 'What', kind: 'text' },
        ...names.map(title => ({ title, kind: 'text' as const })),
      ],
      rows: differences.map(({ group, name, values }) => [
        GROUP[group],
        name,
        ...values.map(value => (value === null ? NONE : value === '' ? '(empty)' : short(value))),
      ]),
      empty: 'Nothing: the runs were made from the same code, data, parameters and configuration.',
    },
  ],
});
