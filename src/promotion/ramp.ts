import type { AuditWord } from './audit/audit-record.js';
import type { PromotionConfig } from './promotion-config.js';
import type { PromotionState } from './promotion-state.js';

type Ramp = Pick<PromotionConfig, 'ramp'>;

/** The share of the approved size that comes after `share`; null at the top. A share that is no step of the present configuration goes to the next larger step. */
export const nextStep = ({ ramp }: Ramp, share: number): number | null => ramp.steps.find(step => step > share) ?? null;

/** The share that an alarm leaves of `share`: the next smaller step; null where there is none, and the strategy is demoted. */
export const stepDown = ({ ramp }: Ramp, share: number): number | null => ramp.steps.findLast(step => step < share) ?? null;

/** Takes a strategy off its stage: it trades nothing as promoted until it has passed its gates again. Nothing to say where it is on none. */
export const demoteWords = (state: PromotionState, code: string, text: string): AuditWord[] =>
  state.stage === 'paper' || state.stage === 'live' ? [{ type: 'StageLeft', promotion: state.id, to: 'demoted', code, text }] : [];

/**
 * What an alarm does to a live strategy's share of its size: one step down, or off its stage from the lowest. Needs nobody's approval. On paper there is no money to take away: nothing is said.
 * `code` and `text` are the alarm's.
 */
export const stepDownWords = (state: PromotionState, config: Ramp, code: string, text: string): AuditWord[] => {
  const live = state.places.live;
  if (live === undefined) return [];
  const to = stepDown(config, live.share);
  if (to === null) return demoteWords(state, code, text);
  return [{ type: 'RampStepped', promotion: state.id, from: live.share, to, code, text, request: null }];
};
