import { foldApprovals, type ApprovalState } from '../promotion/approvals/approval-state.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import type { GateResult } from '../promotion/gates/gate.js';
import type { PromotedPlace, PromotionState } from '../promotion/promotion-state.js';
import { placeText, sizeText } from '../promotion/stage-text.js';
import { formatTime } from '../time.js';
import { gatesText } from './gates-text.js';
import { table } from './table.js';

const furthest = ({ places }: PromotionState): PromotedPlace | undefined => places.live ?? places.paper;

/** All promotions, for a terminal. */
export const promotionList = (all: readonly PromotionState[]): string =>
  all.length === 0
    ? 'Nothing is promoted in this workspace. Begin with: quantai promote STRATEGY --run RUN --to paper --venue practice'
    : table(
        [
          { title: 'promotion' },
          { title: 'stage' },
          { title: 'where' },
          { title: 'size', align: 'right' },
          { title: 'since' },
          { title: 'overridden' },
          { title: 'run' },
        ],
        all.map(state => {
          const place = furthest(state);
          const since = place?.since ?? state.history.at(-1)?.at;
          return [
            state.id,
            state.stage,
            place ? placeText(place) : '',
            place ? sizeText(place) : '',
            since === undefined ? '' : formatTime(since),
            state.overrides.map(({ gate }) => gate).join(', '),
            state.run,
          ];
        }),
      );

/** One promotion with everything that is on record about it. */
export interface PromotionDetail extends PromotionState {
  /** What the gates said when they were judged last. */
  readonly gates: readonly { readonly to: string; readonly at: number; readonly results: readonly GateResult[] }[];
  readonly requests: readonly ApprovalState[];
}

const of = (state: PromotionState, records: readonly AuditRecord[]): PromotionDetail => {
  const newest = new Map<string, PromotionDetail['gates'][number]>();
  for (const { at, word } of records)
    if (word.type === 'GatesJudged' && word.promotion === state.id) newest.set(word.to, { to: word.to, at, results: word.results });
  const requests = [...foldApprovals(records).values()].filter(({ request }) => request.promotion === state.id);
  return { ...state, gates: [...newest.values()], requests };
};

const text = (detail: PromotionDetail): string => {
  const { id, stage, run, pins, places, overrides, gates, history } = detail;
  return [
    `${id}: ${stage}`,
    `Run  ${run}`,
    `Pins ${pins}`,
    ...Object.entries(places).map(
      ([name, place]) => `${name === 'live' ? 'Live ' : 'Paper'} ${placeText(place)}, ${sizeText(place)}, since ${formatTime(place.since)}`,
    ),
    ...(overrides.length === 0 ? [] : ['', 'Overridden gates:']),
    ...overrides.map(({ gate, reason, by, at }) => `  ${gate} by ${by.join(' and ')}, ${formatTime(at)}: ${reason}`),
    ...gates.flatMap(({ to, at, results }) => [
      '',
      `Gates to ${to === 'ramp' ? 'the next share' : to}, ${formatTime(at)}:`,
      gatesText(results),
    ]),
    '',
    'History:',
    table(
      [{ title: 'record', align: 'right' }, { title: 'when' }, { title: 'who' }, { title: 'what' }],
      history.map(({ seq, at, actor, text: what }) => [seq, formatTime(at), actor, what]),
    ),
  ].join('\n');
};

export const promotionDetail = { of, text };
