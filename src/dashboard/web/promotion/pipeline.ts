import type { PromotionLine } from '../../api/promotion-api.js';

type Stage = PromotionLine['stage'];

/** Columns of the pipeline. A demoted strategy stands where it starts again from: among the candidates. */
export const COLUMNS = [
  { stage: 'candidate', title: 'Candidate', note: 'Researched, not traded' },
  { stage: 'paper', title: 'Paper', note: 'Simulated money, real prices' },
  { stage: 'live', title: 'Live', note: 'Money at a venue' },
] as const;
export type ColumnStage = (typeof COLUMNS)[number]['stage'];

const COLUMN_OF: Readonly<Record<Stage, ColumnStage | null>> = {
  candidate: 'candidate',
  demoted: 'candidate',
  paper: 'paper',
  live: 'live',
  retired: null,
};

/** The promotions of each column, those that moved last first; retired ones apart. */
export const pipelineOf = (promotions: readonly PromotionLine[]) => {
  const sorted = [...promotions].sort((a, b) => (b.at ?? 0) - (a.at ?? 0) || a.strategy.localeCompare(b.strategy));
  return {
    columns: COLUMNS.map(column => ({ ...column, cards: sorted.filter(({ stage }) => COLUMN_OF[stage] === column.stage) })),
    retired: sorted.filter(({ stage }) => stage === 'retired'),
  };
};

/** What can be asked for from a stage, in the order of the way. `paper` is asked for from a run, and for a demoted strategy again. */
export const changesFrom = (stage: Stage): readonly ('paper' | 'live' | 'ramp' | 'demote' | 'retire')[] => {
  if (stage === 'candidate' || stage === 'demoted') return ['paper', 'retire'];
  if (stage === 'paper') return ['live', 'demote', 'retire'];
  return stage === 'live' ? ['ramp', 'live', 'demote', 'retire'] : [];
};
