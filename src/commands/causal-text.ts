import type { CausalStep } from '../reports/causes/causal-steps.js';
import { formatTime } from '../time.js';
import type { Causes } from './explain-causes.js';

const causalLines = (steps: readonly CausalStep[], numbered: (seq: number) => string): string[] => {
  const rows = steps.map(step => ({
    ...step,
    time: formatTime(step.ts),
    number: step.seq === null ? '' : step.stream === undefined ? numbered(step.seq) : `#${step.stream}:${step.seq}`,
  }));
  const width = (of: (row: (typeof rows)[number]) => string): number => Math.max(0, ...rows.map(row => of(row).length));
  const [time, stage, number] = [width(row => row.time), width(row => row.stage), width(row => row.number)];
  return rows.map(row => `${row.time.padEnd(time)}  ${row.stage.padEnd(stage)}  ${row.number.padEnd(number)}  ${row.text}`.trimEnd());
};

/** Steps from the beginning and from the end of a long chain: a strategy that answers fills has chains as long as the run. */
const FIRST = 6;
const LAST = 30;

/** The way from a bar to a fill for the terminal, one step a line, oldest first, and what came of it. `numbered` writes a fact's number as the reader may name it. */
export const causesLines = ({ complete, steps, consequences }: Causes, numbered: (seq: number) => string = seq => `#${seq}`): string[] => [
  complete
    ? 'How it came about, each step from the one above it (# is a fact of the journal):'
    : 'How it came about, as far as the journal says:',
  ...(steps.length > FIRST + LAST
    ? [
        ...causalLines(steps.slice(0, FIRST), numbered),
        `… ${steps.length - FIRST - LAST} steps; --json has them`,
        ...causalLines(steps.slice(-LAST), numbered),
      ]
    : causalLines(steps, numbered)),
  ...(consequences.length === 0 ? [] : ['', 'What came after it:', ...causalLines(consequences, numbered)]),
];
