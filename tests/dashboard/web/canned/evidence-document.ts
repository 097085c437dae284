import type { RunLine } from '../../../../src/dashboard/api/research-api.js';

const estimate = (value: number | null, reason: string | null = null) => ({ value, reason });

/** What `evidence.json` says of a run, in the shape of the platform's record; null for a run that nobody judged. */
export const evidenceOf = ({ verdict, sharpe, trades }: RunLine) =>
  verdict === null
    ? null
    : {
        version: 1,
        grade: verdict,
        sentence: 'The evidence is weak. The deflated Sharpe of 0.62 after 200 configurations leaves room for luck.',
        because: 'The deflated Sharpe of 0.62 after 200 configurations leaves room for luck.',
        reasons: [
          { says: 'for', sentence: `It earned after costs, over ${trades ?? 0} trades.` },
          { says: 'against', sentence: 'Deflated Sharpe 0.62 after 200 configurations tried: luck could explain it.' },
          { says: 'for', sentence: '5 checks for knowledge that it cannot have found none.' },
          { says: 'neither', sentence: 'Alike trials counted together there were 54, which would make the deflated Sharpe 0.71.' },
        ],
        tried: { run: 200, total: 200, unsettled: 0, effective: estimate(54) },
        sharpe: {
          annual: estimate(sharpe),
          low: (sharpe ?? 0) - 0.7,
          high: (sharpe ?? 0) + 0.8,
          level: 0.95,
          psr: estimate(0.91),
          dsr: estimate(0.62),
          corrected: estimate((sharpe ?? 0) - 0.4),
        },
        search: { pbo: estimate(0.31), realityCheck: estimate(0.08), spa: estimate(null, 'fewer than 30 returns') },
        foldPbo: estimate(0.24),
        checks: [
          { family: 'leak', title: 'Shifted features', verdict: 'pass', sentence: 'No figure changed when the future was cut away.' },
          {
            family: 'chance',
            title: 'Random entries',
            verdict: 'warn',
            sentence: '41.0% of random moments with the same exposure earn as much.',
          },
          { family: 'fragility', title: 'Higher costs', verdict: 'fail', sentence: 'The profit is gone at 1.3 times the fees.' },
        ],
        untested: [{ what: 'Capacity', why: 'The dataset has no trades.' }],
      };
