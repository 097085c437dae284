import type { AuditRecord, AuditWord } from '../../promotion/audit/audit-record.js';
import type { PromotedPlace, PromotionState } from '../../promotion/promotion-state.js';
import type { PromotionLine, PromotionView } from '../api/promotion-api.js';

const placeOf = (place: PromotedPlace | undefined): PromotionLine['paper'] => {
  if (place === undefined) return null;
  const { account, venue, practice, size, share, since } = place;
  return { account, venue, practice, size, share, since };
};

/** One strategy on its way, as a line. */
export const promotionLine = ({ id, strategy, run, stage, places, overrides, history }: PromotionState): PromotionLine => ({
  id,
  strategy,
  run,
  stage,
  paper: placeOf(places.paper),
  live: placeOf(places.live),
  overrides: overrides.map(({ gate }) => gate),
  at: history.at(-1)?.at ?? null,
});

const stamp = (ts: number): string => new Date(ts).toISOString().replace(/[-:]|\.\d+/g, '');

/** Where the page of a certificate lies in the workspace, and on the server, unless it was written elsewhere with --out. */
const parityPage = ({ account, from, to, strategy }: Extract<AuditWord, { type: 'ParityCertified' }>): string =>
  `live/${account}/parity/${stamp(from)}-${stamp(to)}-${strategy.replace(/[^a-zA-Z0-9_-]/g, '_')}.html`;

/** Everything that the log says about a promotion, the newest first; gates as they were judged last, by stage. `isThere` looks whether the workspace has a file. */
export const promotionView = (
  state: PromotionState,
  records: readonly AuditRecord[],
  isThere: (path: string) => boolean,
): PromotionView => {
  const about = records.filter(({ word }) => 'promotion' in word && word.promotion === state.id).reverse();
  const gates = new Map<string, PromotionView['gates'][number]>();
  const parity: PromotionView['parity'] = [];
  const watch: PromotionView['watch'] = [];
  for (const { at, word } of about) {
    if (word.type === 'GatesJudged' && !gates.has(word.to)) gates.set(word.to, { to: word.to, at, results: [...word.results] });
    if (word.type === 'ParityCertified') {
      const { from, to, passed, sentence } = word;
      const page = parityPage(word);
      parity.push({ at, from, to, passed, sentence, page: isThere(page) ? `/${page}` : null });
    }
    if (word.type === 'ExpectationJudged') {
      const { monitor, verdict, sentence } = word;
      watch.push({ at, monitor, verdict, sentence });
    }
  }
  return {
    line: promotionLine(state),
    history: [...state.history].reverse(),
    gates: [...gates.values()],
    parity,
    watch,
    overrides: state.overrides.map(({ gate, reason, by, at }) => ({ gate, reason, by: [...by], at })),
  };
};
