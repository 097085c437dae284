import { randomBytes } from 'node:crypto';
import { UserError, usageError } from '../errors.js';
import { parseMaxLoss } from '../live/watchdog/max-loss.js';
import { settlementAsset } from '../market/instrument.js';
import type { ApprovalRequest } from '../promotion/approvals/approval-request.js';
import { confirmationSentence, isSentence } from '../promotion/approvals/confirmation-sentence.js';
import { gatesHash } from '../promotion/approvals/gates-hash.js';
import { makeRequest } from '../promotion/approvals/make-request.js';
import { requestText } from '../promotion/approvals/request-text.js';
import { stepWords } from '../promotion/approvals/step-words.js';
import type { AuditedPlace, AuditWord } from '../promotion/audit/audit-record.js';
import type { GateResult } from '../promotion/gates/gate.js';
import { people } from '../promotion/people/people.js';
import { foldPromotions } from '../promotion/stages.js';
import { worstCaseLoss } from '../promotion/worst-case-loss.js';
import { changesSince } from './promote-changes.js';
import { typedSentence } from './typed-sentence.js';
import { appendLegal, movingStages, type PromoteContext } from './promote-context.js';
import type { KeptPromotion } from './promote-gates.js';
import type { PromoteArguments } from './promote.js';
import { say } from './terminal.js';

/** A step that needs people. */
export interface AskedStep {
  readonly kept: KeptPromotion;
  readonly action: ApprovalRequest['action'];
  readonly place: AuditedPlace;
  readonly size: number;
  readonly share: number;
  readonly results: readonly GateResult[];
  readonly overrides: ApprovalRequest['overrides'];
}

/** What came of asking. */
export interface Asked {
  readonly request: ApprovalRequest;
  readonly sentence: string;
  /** Whether it needed nobody else, and the step is taken. */
  readonly isTaken: boolean;
}

/** `GATE=reason` for gates that are shut and may be opened by people; the rest is refused. */
export const overridesOf = (given: readonly string[], results: readonly GateResult[]): ApprovalRequest['overrides'] =>
  given.map(text => {
    const at = text.indexOf('=');
    const gate = text.slice(0, Math.max(at, 0)).trim();
    const reason = text.slice(at + 1).trim();
    if (at < 1 || reason === '')
      throw usageError('no-reason', `--override ${text} has no reason.`, 'Say --override GATE="why it may be opened".');
    const found = results.find(each => each.gate === gate);
    if (!found)
      throw usageError('unknown-gate', `There is no gate ${gate} here.`, `There are ${results.map(each => each.gate).join(', ')}.`);
    if (found.verdict === 'pass') throw usageError('open-gate', `Gate ${gate} passes: there is nothing to override.`, 'Leave it out.');
    if (!found.overridable)
      throw new UserError('not-overridable', `No approval opens ${gate}: ${found.sentence}`, 4, found.change || undefined);
    return { gate, reason };
  });

/** Throws (exit code 4) when a gate is shut that is not asked to be overridden. */
export const refuseShutGates = (results: readonly GateResult[], overrides: ApprovalRequest['overrides'], id: string): void => {
  const shut = results.filter(({ gate, verdict }) => verdict !== 'pass' && !overrides.some(each => each.gate === gate));
  if (shut.length === 0) return;
  const [first] = shut;
  throw new UserError(
    'gates-shut',
    `${id} goes no further: ${shut.length === 1 ? 'one gate is' : `${shut.length} gates are`} shut (${shut.map(({ gate }) => gate).join(', ')}).`,
    4,
    first?.change,
  );
};

/** The distance of the protective stop, as a session takes it. */
const stopDistanceOf = (distance: number | undefined): number | undefined => {
  if (distance === undefined || (distance > 0 && distance < 1)) return distance;
  throw usageError('bad-stop', `--catastrophe-stop ${distance} is no distance.`, 'Say a fraction of the price, e.g. 0.1.');
};

/** The watchdog takes a share of the whole account's equity, which may be many times the size: as a bound of the size it says nothing. */
const maxLossOf = (text: string | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const { kind, value } = parseMaxLoss(text);
  if (kind === 'amount') return value;
  throw usageError('bad-max-loss', `--max-loss ${text} is of the account’s equity, not of the size.`, 'Say an amount: --max-loss 500.');
};

/** What can be lost of the share that would be traded, by the limits that are pinned. */
const lossOf = ({ config }: KeptPromotion, traded: number, args: PromoteArguments) =>
  worstCaseLoss({
    size: traded,
    limits: config.risk,
    leverage: config.leverage,
    symbols: config.symbols.length,
    stopDistance: stopDistanceOf(args['catastrophe-stop']),
    maxLoss: maxLossOf(args['max-loss']),
  });

/**
 * Ask for a step: the one who asks types the sentence and signs; the step is taken at once where nobody else is needed. Throws (exit code 4) for another sentence, which is recorded, and where the strategy was moved
 * meanwhile.
 */
export const askFor = async (context: PromoteContext, step: AskedStep, args: PromoteArguments): Promise<Asked> => {
  const { settings, actor, log } = context;
  const { kept, action, place, size, share, results, overrides } = step;
  const { state, pins, config } = kept;
  const loss = lossOf(kept, size * share, args);
  const hasUsers = people(await log.read()).size > 0;
  const request = makeRequest(
    {
      promotion: state.id,
      action,
      strategy: pins.strategy.name,
      account: place.account,
      venue: place.venue,
      practice: place.practice,
      size,
      share,
      currency: settlementAsset(config.symbols[0] ?? ''),
      worstCaseLoss: Math.ceil(Number((loss.loss * 100).toFixed(6))) / 100,
      pins: state.pins,
      gates: gatesHash(results),
      overrides,
      requestedBy: actor.name,
    },
    settings.promotion,
    { at: Date.now(), nonce: randomBytes(12).toString('hex'), hasUsers },
  );
  if (request.approvals > 0 && !hasUsers)
    throw new UserError(
      'needs-others',
      `${overrides.length > 0 ? 'An overridden gate' : 'This step'} needs ${request.approvals === 1 ? 'another person' : `${request.approvals} others`}, and no users are set up.`,
      4,
      'Set them up: quantai users add NAME --role operator, and --role approver for who approves.',
    );
  const sentence = confirmationSentence(request);
  say(`Worst-case loss: ${loss.sentence}`);
  const typed = await typedSentence(args.confirm, sentence);
  if (!isSentence(typed, request)) {
    const text = `What was typed is not "${sentence}".`;
    await log.append(actor.name, [{ type: 'ApprovalRefused', request: request.id, code: 'wrong-sentence', text }]);
    throw new UserError('wrong-sentence', 'That was another sentence: nothing was asked for.', 4, `It must be exactly: ${sentence}`);
  }
  const signature = await context.sign(requestText(request));
  const isTaken = request.approvals === 0;
  await movingStages(context, async records => {
    const promotions = foldPromotions(records);
    const now = promotions.find(state.id);
    if (
      now === null ||
      now.stage !== state.stage ||
      now.places[state.places.live ? 'live' : 'paper']?.seq !== state.places[state.places.live ? 'live' : 'paper']?.seq
    )
      throw new UserError('changed-terms', `${state.id} was moved meanwhile.`, 4, `Look at quantai promote ${state.id}, then ask again.`);
    if (Date.now() >= request.expiresAt)
      throw new UserError('expired', `The sentence was typed after ${settings.promotion.approvalExpires}.`, 4, 'Ask again.');
    // Where another approves it is looked at then.
    const [change] = isTaken ? await changesSince(context, request, records) : [];
    if (change !== undefined) throw new UserError('changed-terms', `Not as it was asked for: ${change}.`, 4, 'Ask again.');
    const asked: AuditWord = { type: 'ApprovalRequested', request, signature };
    await appendLegal(context, records, [asked, ...(isTaken ? stepWords(promotions, request, []) : [])]);
  });
  return { request, sentence, isTaken };
};
