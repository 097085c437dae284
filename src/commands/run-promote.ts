import { UserError, usageError } from '../errors.js';
import { entryWords } from '../promotion/approvals/step-words.js';
import type { ApprovalRequest } from '../promotion/approvals/approval-request.js';
import { decideOn } from '../promotion/audit/audit-log.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import type { GateResult } from '../promotion/gates/gate.js';
import type { PromotionState } from '../promotion/promotion-state.js';
import { nextStep } from '../promotion/ramp.js';
import { foldPromotions, isSamePlace } from '../promotion/stages.js';
import { placeText, sizeText } from '../promotion/stage-text.js';
import { gatesText } from './gates-text.js';
import { appendLegal, movingStages, promoteContext, type PromoteContext } from './promote-context.js';
import { gatesNow, keptPromotion, type JudgedStep } from './promote-gates.js';
import { askFor, overridesOf, refuseShutGates, type Asked } from './promote-request.js';
import { accountOf, candidate, meant } from './promote-subject.js';
import { promotionDetail, promotionList } from './promote-text.js';
import type { PromoteArguments } from './promote.js';
import { venuePlace } from './session-connection.js';
import { present, say } from './terminal.js';

/** What came of a promotion, as JSON. */
interface Outcome {
  readonly promotion: string;
  readonly strategy: string;
  readonly stage: PromotionState['stage'];
  readonly places: PromotionState['places'];
  readonly gates: readonly GateResult[];
  readonly request: ApprovalRequest | null;
  /** What the approver types; null where nobody is asked. */
  readonly sentence: string | null;
}

const actionOf = (args: PromoteArguments): 'list' | 'show' | 'paper' | 'live' | 'ramp' | 'retire' | 'demote' => {
  const wishes = [...(args.to === undefined ? [] : [args.to]), ...(['ramp', 'retire', 'demote'] as const).filter(name => args[name])];
  if (wishes.length > 1)
    throw usageError('which-step', `These exclude each other: ${wishes.join(', ')}.`, 'Choose one of --to, --ramp, --retire and --demote.');
  const [wish] = wishes;
  if (wish !== undefined && args.strategy === undefined)
    throw usageError('which-strategy', 'No strategy is named.', 'Say quantai promote STRATEGY …');
  if (wish === undefined && (args.override ?? []).length > 0)
    throw usageError('which-step', '--override is for a step that is asked for.', 'Say --to paper, --to live or --ramp with it.');
  return wish ?? (args.strategy === undefined ? 'list' : 'show');
};

const sizeOf = (size: number | undefined, example: string): number => {
  if (size !== undefined && size > 0 && size < Infinity) return size;
  throw usageError('bad-size', size === undefined ? 'No size is named.' : `--size ${size} is no amount.`, `Say ${example}.`);
};

/** Judge the gates of a step, say and record what they say, and whether people are to open the shut ones. Throws (exit code 4) when they stay shut. */
const judged = async (
  context: PromoteContext,
  step: JudgedStep,
  args: PromoteArguments,
): Promise<{ readonly results: readonly GateResult[]; readonly overrides: ApprovalRequest['overrides'] }> => {
  const { state } = step.kept;
  const results = await gatesNow(context, step);
  await context.log.append(context.actor.name, [{ type: 'GatesJudged', promotion: state.id, to: step.action, results }]);
  say(gatesText(results));
  const overrides = overridesOf(args.override ?? [], results);
  refuseShutGates(results, overrides, state.id);
  return { results, overrides };
};

const outcome = async (context: PromoteContext, id: string, gates: readonly GateResult[], asked: Asked | null): Promise<Outcome> => {
  const state = foldPromotions(await context.log.read()).find(id);
  if (!state) throw usageError('unknown-promotion', `There is no promotion ${id}.`);
  const { strategy, stage, places } = state;
  return { promotion: id, strategy, stage, places, gates, request: asked?.request ?? null, sentence: asked?.sentence ?? null };
};

const outcomeText = ({ promotion, stage, places, request, sentence }: Outcome): string => {
  const live = stage === 'live' ? places.live : places.paper;
  if (request !== null && request.approvals > 0)
    return [
      `Request ${request.id} is made, and good until ${new Date(request.expiresAt).toISOString()}. It needs ${request.approvals === 1 ? 'another person' : `${request.approvals} others`}:`,
      `  quantai approve ${request.id} --as NAME --confirm "${sentence ?? ''}"`,
    ].join('\n');
  if (live === undefined) return `${promotion} is ${stage}.`;
  return `${promotion} is ${stage === 'live' ? 'live' : 'on paper'}: ${placeText(live)}, ${sizeText(live)}.`;
};

const toPaper = async (context: PromoteContext, args: PromoteArguments): Promise<Outcome> => {
  const { state, place, capital } = await candidate(context, args);
  const size = sizeOf(args.size ?? capital, '--size 10000');
  const kept = await keptPromotion(context, state);
  const [fault, ...others] = kept.faults;
  if (fault !== undefined)
    throw new UserError(
      'pins-differ',
      [`${state.id} cannot be promoted on this: ${fault.text}`, ...others.map(({ text }) => `  ${text}`)].join('\n'),
      4,
      'Put back what the evidence was made with, or make it again.',
    );
  const records = await context.log.read();
  const step = { kept, action: 'paper', place, share: 1, records } as const;
  const { results, overrides } = await judged(context, step, args);
  if (overrides.length > 0) return outcome(context, state.id, results, await askFor(context, { ...step, size, results, overrides }, args));
  await movingStages(context, async now => {
    const { strategy } = state;
    const { paper } = foldPromotions(now).find(state.id)?.places ?? {};
    if (paper && isSamePlace(paper, place) && paper.size === size) return;
    const entry = { ...place, promotion: state.id, strategy, stage: 'paper', size, share: 1, request: null } as const;
    await appendLegal(context, now, entryWords(foldPromotions(now), entry));
  });
  return outcome(context, state.id, results, null);
};

const toLive = async (context: PromoteContext, args: PromoteArguments): Promise<Outcome> => {
  const { workspace, log, settings } = context;
  const size = sizeOf(args.size, '--size 10000: what it may use when the ramp is at its top');
  const records = await log.read();
  const state = await meant(context, foldPromotions(records), args.strategy ?? '', ({ places }) => places.paper !== undefined);
  if (state.places.paper === undefined)
    throw new UserError(
      'not-on-paper',
      `${state.id} is ${state.stage}, not on paper.`,
      4,
      'Live comes after paper: quantai promote … --to paper',
    );
  const { venue, practice } = await venuePlace(workspace, args.venue ?? 'binanceusdm');
  const place = { account: accountOf(args, 'main'), venue, practice };
  const { live } = state.places;
  if (live && isSamePlace(live, place) && live.size === size)
    throw usageError('live-already', `${state.id} is live there with ${sizeText(live)}.`, 'The next share is asked for with --ramp.');
  const kept = await keptPromotion(context, state);
  const [share = 1] = settings.promotion.ramp.steps;
  const step = { kept, action: 'live', place, share, records } as const;
  const { results, overrides } = await judged(context, step, args);
  if (kept.pins.expectation === null)
    throw new UserError(
      'no-expectation',
      `Run ${kept.pins.evidence.run} does not say what is to be expected of ${state.id}: nothing could watch over it.`,
      4,
      'Promote it on a walk-forward with more days out of sample.',
    );
  return outcome(context, state.id, results, await askFor(context, { ...step, size, results, overrides }, args));
};

const upRamp = async (context: PromoteContext, args: PromoteArguments): Promise<Outcome> => {
  const records = await context.log.read();
  const state = await meant(context, foldPromotions(records), args.strategy ?? '', ({ places }) => places.live !== undefined);
  const { live } = state.places;
  if (live === undefined) throw new UserError('not-live', `${state.id} is ${state.stage}, not live.`, 4, 'The ramp begins with --to live.');
  const share = nextStep(context.settings.promotion, live.share);
  if (share === null)
    throw usageError('at-the-top', `${state.id} trades its full size.`, 'A larger one is asked for with --to live --size.');
  const { account, venue, practice, size } = live;
  const step = { kept: await keptPromotion(context, state), action: 'ramp', place: { account, venue, practice }, share, records } as const;
  const { results, overrides } = await judged(context, step, args);
  return outcome(context, state.id, results, await askFor(context, { ...step, size, results, overrides }, args));
};

const off = async (context: PromoteContext, args: PromoteArguments, to: 'demoted' | 'retired'): Promise<Outcome> => {
  const text = args.reason?.trim() ?? '';
  if (text === '') throw usageError('no-reason', 'Taking a strategy off its stage needs a reason.', 'Say --reason "what was found".');
  const take = async (records: readonly AuditRecord[]): Promise<string> => {
    const state = await meant(context, foldPromotions(records), args.strategy ?? '', ({ stage }) => stage === 'live' || stage === 'paper');
    if (state.stage === 'retired' || (to === 'demoted' && state.stage !== 'paper' && state.stage !== 'live'))
      throw usageError('on-no-stage', `${state.id} is ${state.stage}: there is no stage to take it off.`, 'Look at quantai promote.');
    await appendLegal(context, records, [{ type: 'StageLeft', promotion: state.id, to, code: 'operator', text }]);
    return state.id;
  };
  // A demotion is legal whatever comes between, and waits for nobody who is asking or approving.
  const id = to === 'demoted' ? await decideOn(context.log, take) : await movingStages(context, take);
  return outcome(context, id, [], null);
};

/** `quantai promote` */
export const runPromote = async (args: PromoteArguments): Promise<void> => {
  const action = actionOf(args);
  const context = await promoteContext(args);
  if (action === 'list' || action === 'show') {
    const records: readonly AuditRecord[] = await context.log.read();
    const promotions = foldPromotions(records);
    if (action === 'list') return present(args, promotions.all, promotionList);
    const state = await meant(context, promotions, args.strategy ?? '');
    return present(args, promotionDetail.of(state, records), promotionDetail.text);
  }
  const done =
    action === 'paper'
      ? await toPaper(context, args)
      : action === 'live'
        ? await toLive(context, args)
        : action === 'ramp'
          ? await upRamp(context, args)
          : await off(context, args, action === 'retire' ? 'retired' : 'demoted');
  present(args, done, outcomeText);
};
