import type { Gate } from '../../api/promotion-api.js';

/** How many gates say what. */
export const gateCount = (
  gates: readonly Pick<Gate, 'verdict'>[],
): { readonly pass: number; readonly fail: number; readonly unclear: number } => ({
  pass: gates.filter(({ verdict }) => verdict === 'pass').length,
  fail: gates.filter(({ verdict }) => verdict === 'fail').length,
  unclear: gates.filter(({ verdict }) => verdict === 'cannot-tell').length,
});

/** What stands in the way first: fail, then cannot tell, then pass; in each the order of judging. */
export const worstFirst = (gates: readonly Gate[]): readonly Gate[] => {
  const rank = { fail: 0, 'cannot-tell': 1, pass: 2 } as const;
  return gates
    .map((gate, i) => ({ gate, i }))
    .sort((a, b) => rank[a.gate.verdict] - rank[b.gate.verdict] || a.i - b.i)
    .map(({ gate }) => gate);
};
