import type { AuditRecord } from '../promotion/audit/audit-record.js';
import type { Stage } from '../promotion/promotion-state.js';
import { foldPromotions } from '../promotion/stages.js';
import type { NamedSession } from './session-names.js';

/** How a promotion stands where a session trades it, as the audit log has it. */
export interface PromotionStanding {
  readonly id: string;
  readonly strategy: string;
  readonly stage: Stage;
  /** Full size, settlement asset, and the share of it that is approved now; null where it is not on the session's stage any more. */
  readonly size: number | null;
  readonly share: number | null;
  /** Newest parity certificate of the account. */
  readonly parity: { readonly from: number; readonly to: number; readonly passed: boolean; readonly sentence: string } | null;
  /** Newest word of each monitor on this step, by name. */
  readonly watch: readonly { readonly monitor: string; readonly verdict: 'inside' | 'alarm'; readonly sentence: string }[];
}

/** Standings of what a session was begun with. */
export const promotionStandings = (
  records: readonly AuditRecord[],
  { account, mode, promotions = [] }: NamedSession,
): readonly PromotionStanding[] => {
  const states = foldPromotions(records);
  return promotions.flatMap(id => {
    const state = states.find(id);
    if (state === null) return [];
    const place = state.places[mode];
    const watch = new Map<string, PromotionStanding['watch'][number]>();
    let parity: PromotionStanding['parity'] = null;
    for (const { seq, word } of records) {
      if (!('promotion' in word) || word.promotion !== id) continue;
      if (word.type === 'ParityCertified' && word.account === account) {
        const { from, to, passed, sentence } = word;
        parity = { from, to, passed, sentence };
      } else if (word.type === 'ExpectationJudged' && seq > (place?.seq ?? -1)) {
        const { monitor, verdict, sentence } = word;
        watch.set(monitor, { monitor, verdict, sentence });
      }
    }
    return [
      {
        id,
        strategy: state.strategy,
        stage: state.stage,
        size: place?.size ?? null,
        share: place?.share ?? null,
        parity,
        watch: [...watch.values()].sort((a, b) => (a.monitor < b.monitor ? -1 : 1)),
      },
    ];
  });
};
