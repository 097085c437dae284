import { didYouMean, usageError } from '../errors.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import type { PromotedPlace, PromotionState } from '../promotion/promotion-state.js';
import { foldPromotions } from '../promotion/stages.js';

/** A promotion and where it trades: live where it is live, else on paper. */
export interface PromotionPlace {
  readonly state: PromotionState;
  readonly mode: 'paper' | 'live';
  readonly place: PromotedPlace;
}

/** The promotion with this id, or the newest of a strategy with this name. Throws usage errors for one that is unknown or was never promoted to a place. */
export const promotionPlace = (records: readonly AuditRecord[], named: string): PromotionPlace => {
  const { all } = foldPromotions(records);
  const state = all.find(({ id }) => id === named) ?? all.findLast(({ strategy }) => strategy === named);
  if (state === undefined)
    throw usageError(
      'unknown-promotion',
      `There is no promotion "${named}".${didYouMean(
        named,
        all.flatMap(({ id, strategy }) => [id, strategy]),
      )}`,
      'List them with: quantai promote',
    );
  const mode = state.places.live === undefined ? 'paper' : 'live';
  const place = state.places[mode];
  if (place === undefined)
    throw usageError(
      'no-place',
      `${state.id} trades nowhere: it is ${state.stage}.`,
      `Promote it first: quantai promote ${state.strategy} --to paper`,
    );
  return { state, mode, place };
};
