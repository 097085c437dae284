import { featureCorrelation } from '../charts/feature-correlation.js';
import { count, decimal } from '../number-text.js';
import type { Section } from '../document.js';
import type { FeatureStudy } from '../feature-study.js';

/** Which columns say the same: a model gains nothing from the second, and an explanation is shared out between them. */
export const redundancySection = (study: FeatureStudy, period: string): Section => {
  const order = study.order.filter(k => study.correlation[k]?.[k] !== null);
  const nameOf = (k: number): string => study.columns[k]?.name ?? '';
  const cells = order.flatMap(a =>
    order.flatMap(b => {
      const rho = study.correlation[a]?.[b] ?? null;
      return rho === null ? [] : [{ row: nameOf(a), column: nameOf(b), rho: Number(rho.toFixed(3)) }];
    }),
  );
  const rows = Math.floor(study.rows / study.correlationStride);
  return {
    id: 'redundancy',
    title: 'Redundancy',
    lead: 'Columns that say the same stand together. Of such a pair a model needs one, and importance is shared between both.',
    blocks: [
      {
        kind: 'chart',
        id: 'feature-correlation',
        spec: featureCorrelation(cells, order.map(nameOf), {
          title: 'How columns go together',
          subtitle: `Spearman’s ρ over ${count(rows)} rows, in the order of average linkage of 1 − |ρ| · ${period}`,
        }),
      },
      {
        kind: 'table',
        id: 'alike-table',
        caption: 'Pairs that say nearly the same, |ρ| above 0.95',
        columns: [
          { title: 'Column', kind: 'text' },
          { title: 'With', kind: 'text' },
          { title: 'Spearman’s ρ', kind: 'number', signed: true },
        ],
        rows: study.alike.map(({ a, b, rho }) => [a, b, decimal(rho, 3)]),
        empty: 'No pair is that much alike.',
      },
    ],
  };
};
