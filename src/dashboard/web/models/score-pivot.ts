import type { ScoresView } from '../../api/models-api.js';

type Metric = ScoresView['metrics'][number];

/** The scores of one model beside each other. */
export interface ModelRow {
  readonly model: string;
  readonly n: number | null;
  readonly scores: ReadonlyMap<string, Metric>;
}

/** How a score is read: `less` is better for losses, `more` for skill and areas; `near` should be near the nominal one. */
export interface ScoreWords {
  readonly metric: string;
  readonly title: string;
  readonly hint: string;
  readonly isShare: boolean;
}

/** Scores that the table shows, the one that decides first. */
export const SHOWN_SCORES: readonly ScoreWords[] = [
  {
    metric: 'skill.logLoss',
    title: 'Skill',
    hint: 'Share of the log loss of the climatology that is saved; above 0 is better than always saying the past frequency',
    isShare: true,
  },
  { metric: 'logLoss', title: 'Log loss', hint: 'Nats; less is better', isShare: false },
  { metric: 'brier', title: 'Brier', hint: 'Mean squared error of the probability; less is better', isShare: false },
  { metric: 'auc', title: 'AUC', hint: 'Chance that it ranks a rise above a fall; 0.5 is a coin', isShare: false },
  { metric: 'crps', title: 'CRPS', hint: 'Error of the whole distribution of returns; less is better', isShare: false },
  { metric: 'ece', title: 'ECE', hint: 'Mean distance of forecast probability from frequency', isShare: false },
  { metric: 'coverage', title: 'Coverage', hint: 'How often the outcome fell into the interval', isShare: true },
];

/** One row for each model, in the order in which they come: the ensemble first. */
export const scoreRows = (metrics: readonly Metric[]): readonly ModelRow[] => {
  const rows = new Map<string, Map<string, Metric>>();
  for (const metric of metrics) {
    const row = rows.get(metric.model) ?? new Map<string, Metric>();
    row.set(metric.metric, metric);
    rows.set(metric.model, row);
  }
  return [...rows].map(([model, scores]) => ({ model, n: [...scores.values()].find(({ n }) => n !== null)?.n ?? null, scores }));
};

/** Whether an interval of a skill is all above zero, all below it, or neither. */
export const skillWord = ({ low, high }: Pick<Metric, 'low' | 'high'>): 'better' | 'worse' | 'unclear' =>
  low !== null && low > 0 ? 'better' : high !== null && high < 0 ? 'worse' : 'unclear';
