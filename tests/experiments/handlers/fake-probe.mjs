// A probe that needs no engine: what it earns follows from the job's own text, so that every different job has other figures.
import { createHash } from 'node:crypto';

export const handle = ({ change, steps, whole }) => {
  const seed = change.change?.seed;
  if (seed === 'refuse') return { kind: 'refused', reason: 'These data do not allow it.' };
  if (seed === 'break') return { kind: 'broken', reason: 'x is undefined' };
  const digest = createHash('sha256')
    .update(JSON.stringify([change, steps]))
    .digest();
  const returns = Float64Array.from({ length: 16 }, (_, i) => digest[i] / 10_000);
  return {
    kind: 'done',
    outcome: {
      fingerprint: digest.toString('hex'),
      metrics: { totalReturn: digest[0] / 256 + 0.1, sharpe: digest[1] / 64, trades: 20, maxDrawdown: -0.1 },
      returns,
      segment: whole ? { whole: true } : null,
    },
    steps: steps.map(({ params }) => (params === null ? null : { sharpe: 0.1, returns })),
  };
};
