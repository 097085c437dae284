import { UserError } from '../errors.js';
import { foldApprovals, type ApprovalState } from './approvals/approval-state.js';
import { requestId } from './approvals/request-text.js';
import type { AuditedPlace, AuditRecord, AuditWord } from './audit/audit-record.js';
import { stageText } from './stage-text.js';
import type { PromotedPlace, PromotionState, Stage } from './promotion-state.js';

/** All promotions of a workspace. */
export interface Promotions {
  /** In the order in which they were named. */
  readonly all: readonly PromotionState[];
  /** By id; or a strategy's newest that has not been retired, else its newest. */
  find(idOrStrategy: string): PromotionState | null;
  /** What a session of this strategy trades here as promoted; null where it trades as nothing but a rehearsal. */
  placed(place: {
    readonly mode: 'paper' | 'live';
    readonly account: string;
    readonly venue: string;
    readonly practice: boolean;
    readonly strategy: string;
  }): PromotionState | null;
}

type Word<T extends AuditWord['type']> = Extract<AuditWord, { type: T }>;

/** A record's time is told after it was judged: so much later it may be on the disk. */
const GRACE_MS = 60_000;

const illegal = ({ seq, word }: AuditRecord, why: string): UserError =>
  new UserError(
    'illegal-record',
    `Record ${seq} of the audit log (${word.type}) cannot be: ${why}.`,
    4,
    'Nobody is promoted by such a log. See what is wrong with: quantai audit verify',
  );

/** The approval by which a step was taken; throws when it does not carry the step. */
const approvalOf = (
  record: AuditRecord,
  state: PromotionState,
  requests: ReadonlyMap<string, ApprovalState>,
  id: string,
  action: 'paper' | 'live' | 'ramp',
): ApprovalState => {
  const found = requests.get(id);
  if (!found || found.seq >= record.seq) throw illegal(record, `request ${id} was not made before it`);
  const { request } = found;
  if (requestId(request) !== id) throw illegal(record, `the terms of request ${id} are not those that it is named by`);
  if (found.actor !== request.requestedBy) throw illegal(record, `request ${id} of ${request.requestedBy} was made by ${found.actor}`);
  if (request.promotion !== state.id || request.pins !== state.pins || request.action !== action)
    throw illegal(record, `request ${id} is for something else`);
  if (found.taken !== null && found.taken < record.seq) throw illegal(record, `request ${id} was used by record ${found.taken}`);
  const until = request.expiresAt + GRACE_MS;
  if (record.at > until) throw illegal(record, `request ${id} had expired`);
  const others = new Set(
    found.approvals.filter(({ by, at, seq }) => seq < record.seq && by !== request.requestedBy && at <= until).map(({ by }) => by),
  );
  const needed = Math.max(request.approvals, request.overrides.length > 0 ? 1 : 0);
  if (others.size < needed) throw illegal(record, `request ${id} needs ${needed} approvals by others, and had ${others.size}`);
  return found;
};

const stageOf = ({ live, paper }: PromotionState['places']): Stage =>
  live !== undefined ? 'live' : paper !== undefined ? 'paper' : 'candidate';

/** Whether two records are about one account: practice and a real venue are two, by whatever names. */
export const isSamePlace = (a: AuditedPlace, b: AuditedPlace): boolean =>
  a.account === b.account && a.venue === b.venue && a.practice === b.practice;

/** Whether a strategy lost its stage after a record: what was asked for by it goes no further. Whatever else is told of it while it is demoted takes nothing away. */
export const demotedAfter = ({ history }: PromotionState, seq: number): boolean =>
  history.some((each, i) => each.stage === 'demoted' && each.seq > seq && history[i - 1]?.stage !== 'demoted');

const entered = (
  state: PromotionState,
  record: AuditRecord,
  word: Word<'StageEntered'>,
  requests: ReadonlyMap<string, ApprovalState>,
  others: Iterable<PromotionState>,
): PromotionState => {
  if (state.stage === 'retired') throw illegal(record, `${state.id} was retired`);
  const { stage, size, share, account, venue, practice } = word;
  if (!(size > 0) || !(share > 0 && share <= 1)) throw illegal(record, 'its size and share are no amounts');
  // No money is at stake on the practice exchange; quantai promote asks there all the same.
  if (stage === 'live' && word.request === null && !practice) throw illegal(record, 'nobody approved it');
  if (word.request !== null) {
    const approval = approvalOf(record, state, requests, word.request, stage);
    const { request } = approval;
    if (!isSamePlace(word, request) || request.size !== size || request.share !== share)
      throw illegal(record, `request ${request.id} names another place, size or share`);
    // A session may demote it while it is being approved: that is no illegal record, or the log could not be read any more.
    if (demotedAfter(state, approval.seq)) return state;
  }
  if (stage === 'live' && state.places.paper === undefined && state.stage !== 'live')
    throw illegal(record, `${state.id} was not on paper before it`);
  for (const other of others) {
    const place = other.places[stage];
    if (other.id !== state.id && other.strategy === state.strategy && place && isSamePlace(place, word))
      throw illegal(record, `${other.id} has that place`);
  }
  const place: PromotedPlace = { account, venue, practice, size, share, since: record.at, seq: record.seq };
  const places = { ...state.places, [stage]: place };
  return { ...state, places, stage: stageOf(places) };
};

const stepped = (
  state: PromotionState,
  record: AuditRecord,
  { from, to, request }: Word<'RampStepped'>,
  requests: ReadonlyMap<string, ApprovalState>,
): PromotionState => {
  if (!(to > 0 && to <= 1)) throw illegal(record, `${to} is no share`);
  const { live } = state.places;
  const at = { since: record.at, seq: record.seq };
  // Less is always legal, and where several take away at once the least holds: alarms wait for nobody.
  if (to < from)
    return live === undefined || live.share <= to ? state : { ...state, places: { ...state.places, live: { ...live, share: to, ...at } } };
  if (request === null) throw illegal(record, 'nobody approved a larger share');
  const approval = approvalOf(record, state, requests, request, 'ramp');
  if (approval.request.share !== to) throw illegal(record, `request ${request} names another share`);
  // An alarm came between: it goes no further by what was asked for before that.
  if (live === undefined || live.share !== from || approval.seq < live.seq) return state;
  if (!isSamePlace(live, approval.request) || live.size !== approval.request.size)
    throw illegal(record, `request ${request} names another place or size`);
  return { ...state, places: { ...state.places, live: { ...live, share: to, ...at } } };
};

const overridden = (
  state: PromotionState,
  record: AuditRecord,
  { gate, reason, request: id }: Word<'GateOverridden'>,
  requests: ReadonlyMap<string, ApprovalState>,
): PromotionState => {
  const action = requests.get(id)?.request.action ?? 'live';
  const { request, approvals } = approvalOf(record, state, requests, id, action);
  if (!request.overrides.some(each => each.gate === gate && each.reason === reason))
    throw illegal(record, `request ${id} does not ask to override ${gate}`);
  const by = [request.requestedBy, ...approvals.filter(({ seq }) => seq < record.seq).map(each => each.by)];
  return { ...state, overrides: [...state.overrides, { gate, reason, by, at: record.at, seq: record.seq }] };
};

const left = (state: PromotionState, record: AuditRecord, { to }: Word<'StageLeft'>): PromotionState => {
  if (state.stage === 'retired' || (to === 'demoted' && state.stage === 'demoted')) return state;
  if (to === 'demoted' && state.stage === 'candidate') throw illegal(record, `${state.id} was on no stage`);
  return { ...state, stage: to, places: {} };
};

const named = ({ promotion, strategy, run, pins }: Word<'CandidateNamed'>): PromotionState => ({
  id: promotion,
  strategy,
  run,
  stage: 'candidate',
  pins,
  places: {},
  overrides: [],
  history: [],
});

/** Which promotion a word is about; undefined for words that are about none. */
const subjectOf = (word: AuditWord, requests: ReadonlyMap<string, ApprovalState>): string | null | undefined => {
  switch (word.type) {
    case 'ApprovalRequested':
      return word.request.promotion;
    case 'ApprovalGiven':
    case 'ApprovalRefused':
      return requests.get(word.request)?.request.promotion;
    case 'ParityCertified':
    case 'CandidateNamed':
    case 'GatesJudged':
    case 'GateOverridden':
    case 'StageEntered':
    case 'StageLeft':
    case 'RampStepped':
    case 'LineageRecorded':
    case 'ExpectationJudged':
    case 'ModelProposed':
      return word.promotion;
    default:
      return undefined;
  }
};

/** Words that mean nothing without the promotion that they name. */
const MOVES: ReadonlySet<AuditWord['type']> = new Set(['StageEntered', 'StageLeft', 'RampStepped', 'GateOverridden']);

/**
 * How far each strategy has come, by the records of the audit log. Only legal steps are taken: a stage on money and a larger share need a request with as many approvals by others as it asks for, in time, used once, for
 * exactly those terms. A record that says something else is an error with exit code 4 that names it; so a log that was written by hand promotes nobody. What takes away (a step down, a demotion) is legal at any time, and
 * a step up that an alarm overtook has no effect.
 */
export const foldPromotions = (records: readonly AuditRecord[]): Promotions => {
  const requests = foldApprovals(records);
  const states = new Map<string, PromotionState>();
  for (const record of records) {
    const { word } = record;
    const id = subjectOf(word, requests);
    if (id === undefined || id === null) continue;
    const before = states.get(id);
    if (word.type === 'CandidateNamed') {
      if (before) throw illegal(record, `${id} was named before`);
      states.set(id, named(word));
    } else if (!before) {
      if (MOVES.has(word.type)) throw illegal(record, `there is no promotion ${id}`);
      continue;
    }
    let state = states.get(id)!;
    if (word.type === 'StageEntered') state = entered(state, record, word, requests, states.values());
    else if (word.type === 'RampStepped') state = stepped(state, record, word, requests);
    else if (word.type === 'GateOverridden') state = overridden(state, record, word, requests);
    else if (word.type === 'StageLeft') state = left(state, record, word);
    const text = stageText(word, before !== undefined && state === before);
    const { seq, at, actor } = record;
    const history = text === null ? state.history : [...state.history, { seq, at, actor, stage: state.stage, text }];
    states.set(id, { ...state, history });
  }
  const all = [...states.values()];
  return {
    all,
    find: name =>
      states.get(name) ??
      all.findLast(({ strategy, stage }) => strategy === name && stage !== 'retired') ??
      all.findLast(({ strategy }) => strategy === name) ??
      null,
    placed: wanted =>
      all.find(({ strategy, places }) => {
        const place = places[wanted.mode];
        return strategy === wanted.strategy && place !== undefined && isSamePlace(place, wanted);
      }) ?? null,
  };
};
