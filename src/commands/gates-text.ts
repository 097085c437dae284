import type { GateResult } from '../promotion/gates/gate.js';
import { counted } from '../experiments/evidence/figure-text.js';
import { table } from './table.js';

const SIGNS = { pass: '+', fail: '−', 'cannot-tell': '?' } as const;
const WORDS = { pass: 'pass', fail: 'fail', 'cannot-tell': 'cannot tell' } as const;

/** What every gate says, for a terminal: a table, then what would change each that keeps the door shut. */
export const gatesText = (results: readonly GateResult[]): string => {
  const shut = results.filter(({ verdict }) => verdict !== 'pass');
  return [
    table(
      [{ title: '' }, { title: 'gate' }, { title: 'verdict' }, { title: 'found' }],
      results.map(({ title, verdict, sentence }) => [SIGNS[verdict], title, WORDS[verdict], sentence]),
    ),
    ...(shut.length === 0
      ? ['', 'Every gate is open.']
      : [
          '',
          `${counted(shut.length, 'gate')} of ${results.length} ${shut.length === 1 ? 'is' : 'are'} shut. What would open ${shut.length === 1 ? 'it' : 'them'}:`,
          ...shut.map(({ gate, change, overridable }) => `  ${gate}: ${change}${overridable ? '' : ' No approval opens it.'}`),
        ]),
  ].join('\n');
};
