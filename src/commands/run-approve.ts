import { UserError, usageError } from '../errors.js';
import type { ApprovalRequest } from '../promotion/approvals/approval-request.js';
import { foldApprovals, type ApprovalState } from '../promotion/approvals/approval-state.js';
import { confirmationSentence } from '../promotion/approvals/confirmation-sentence.js';
import { judgeApproval, movedSince, requestOf } from '../promotion/approvals/judge-approval.js';
import { requestText } from '../promotion/approvals/request-text.js';
import { stepWords } from '../promotion/approvals/step-words.js';
import type { AuditRecord, AuditWord } from '../promotion/audit/audit-record.js';
import { placeText, sizeText } from '../promotion/stage-text.js';
import { foldPromotions } from '../promotion/stages.js';
import { formatTime } from '../time.js';
import type { ApproveArguments } from './approve.js';
import { changesSince } from './promote-changes.js';
import { typedSentence } from './typed-sentence.js';
import { appendLegal, movingStages, promoteContext } from './promote-context.js';
import { table } from './table.js';
import { present, say, terminal } from './terminal.js';

/** A request that waits. */
interface Waiting {
  readonly request: ApprovalRequest;
  readonly approvedBy: readonly string[];
  /** What an approver types. */
  readonly sentence: string;
}

const waiting = (records: readonly AuditRecord[]): readonly Waiting[] =>
  [...foldApprovals(records).values()].flatMap(state => {
    const { request, approvals, taken } = state;
    if (taken !== null || request.expiresAt <= Date.now() || movedSince(state, records) !== null) return [];
    return [{ request, approvedBy: approvals.map(({ by }) => by), sentence: confirmationSentence(request) }];
  });

const waitingText = (all: readonly Waiting[]): string =>
  all.length === 0
    ? 'Nothing waits for approval.'
    : [
        table(
          [
            { title: 'request' },
            { title: 'asks for' },
            { title: 'of' },
            { title: 'by' },
            { title: 'approved by' },
            { title: 'good until' },
          ],
          all.map(({ request, approvedBy }) => [
            request.id,
            request.action === 'ramp' ? `share of ${sizeText(request)}` : `${request.action}, ${sizeText(request)}`,
            request.promotion,
            request.requestedBy,
            `${approvedBy.join(', ') || 'nobody'} (${approvedBy.length} of ${request.approvals})`,
            formatTime(request.expiresAt),
          ]),
        ),
        '',
        ...all.map(({ request, sentence }) => `quantai approve ${request.id} --as NAME --confirm "${sentence}"`),
      ].join('\n');

/** What the approver reads before the sentence. */
const termsText = ({ request }: ApprovalState): readonly string[] => [
  `${request.requestedBy} asks for ${request.action === 'ramp' ? 'a larger share' : request.action} of ${request.promotion} on ${placeText(request)}:`,
  `  ${sizeText(request)} ${request.currency}, worst-case loss ${request.worstCaseLoss} ${request.currency}`,
  ...request.overrides.map(({ gate, reason }) => `  gate ${gate} is shut and would be overridden: ${reason}`),
  `  The evidence: quantai promote ${request.promotion}`,
];

const printText = (args: ApproveArguments, { request }: ApprovalState): void => {
  const text = requestText(request);
  if (args.json) present(args, { request: request.id, text }, () => text);
  // Exactly the bytes that are signed: no line break of ours.
  else terminal().out(text);
};

/** What came of it, as JSON. */
interface Approved {
  readonly request: string;
  readonly promotion: string;
  /** Whether the step was taken by it; false where others are still needed. */
  readonly isTaken: boolean;
  readonly approvedBy: readonly string[];
  readonly needed: number;
}

const approvedText = ({ request, promotion, isTaken, approvedBy, needed }: Approved): string =>
  isTaken
    ? `Request ${request} is approved by ${approvedBy.join(' and ')}, and the step is taken. See quantai promote ${promotion}.`
    : `Request ${request} has ${approvedBy.length} of ${needed} approvals.`;

/** `quantai approve` */
export const runApprove = async (args: ApproveArguments): Promise<void> => {
  const context = await promoteContext(args);
  const { log, actor } = context;
  const before = await log.read();
  if (args.request === undefined) {
    if (args.print || args.signature !== undefined)
      throw usageError('which-request', 'No request is named.', 'quantai approve lists them.');
    return present(args, waiting(before), waitingText);
  }
  const asked = requestOf(foldApprovals(before), args.request);
  if (args.print && asked !== null) return printText(args, asked);
  const offer = { request: args.request, by: actor.name, changes: [], sentence: '', signature: '' };
  const refuse = async (code: string, text: string): Promise<never> => {
    await log.append(actor.name, [{ type: 'ApprovalRefused', request: asked?.request.id ?? args.request ?? '', code, text }]);
    throw new UserError(code, text, 4, 'It was recorded. quantai approve lists what waits.');
  };
  // Whoever may not approve it at all is not asked to type anything, nor for a passphrase.
  const first = judgeApproval({ ...offer, records: before, at: Date.now() });
  if (!first.ok && !['wrong-sentence', 'forged-signature'].includes(first.code)) return refuse(first.code, first.text);
  if (asked === null) return refuse('unknown-request', `There is no request ${args.request}.`);
  for (const line of termsText(asked)) say(line);
  const sentence = await typedSentence(args.confirm, confirmationSentence(asked.request));
  const typed = judgeApproval({ ...offer, records: before, at: Date.now(), sentence });
  if (!typed.ok && typed.code === 'wrong-sentence') return refuse(typed.code, typed.text);
  const signature = args.signature ?? (await context.sign(requestText(asked.request))) ?? '';
  const done = await movingStages(context, async records => {
    const changes = await changesSince(context, asked.request, records);
    const verdict = judgeApproval({ ...offer, records, at: Date.now(), sentence, signature, changes });
    if (!verdict.ok) return refuse(verdict.code, verdict.text);
    const approvedBy = [...verdict.state.approvals.map(({ by }) => by), actor.name];
    const given: AuditWord = { type: 'ApprovalGiven', request: asked.request.id, signature };
    const step = verdict.isEnough ? stepWords(foldPromotions(records), asked.request, approvedBy) : [];
    await appendLegal(context, records, [given, ...step]);
    const { id, promotion, approvals } = asked.request;
    return { request: id, promotion, isTaken: verdict.isEnough, approvedBy, needed: approvals } satisfies Approved;
  });
  present(args, done, approvedText);
};
