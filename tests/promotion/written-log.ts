import { makeRequest, type Terms } from '../../src/promotion/approvals/make-request.js';
import { requestText } from '../../src/promotion/approvals/request-text.js';
import { gatesHash } from '../../src/promotion/approvals/gates-hash.js';
import type { ApprovalRequest } from '../../src/promotion/approvals/approval-request.js';
import type { AuditRecord, AuditWord } from '../../src/promotion/audit/audit-record.js';
import { newPrivateKey, publicKeyText, signText } from '../../src/promotion/people/key-pair.js';
import type { Role } from '../../src/promotion/people/role.js';

export const HOUR = 3_600_000;
export const GATES = [
  {
    gate: 'trades',
    title: 'Trades',
    verdict: 'pass',
    figure: 120,
    limit: 100,
    sentence: '120 trades; 100 are asked for.',
    change: '',
    overridable: true,
  },
] as const;
export const PLACE = { account: 'main', venue: 'binanceusdm', practice: false } as const;

/** Records as an audit log holds them, one hour apart unless told otherwise, with people whose keys are at hand; not chained. */
export const writtenLog = () => {
  const records: AuditRecord[] = [];
  const keys = new Map<string, ReturnType<typeof newPrivateKey>>();
  const log = {
    records,
    now: 0,
    write: (actor: string, ...words: readonly AuditWord[]): AuditRecord[] =>
      words.map(word => {
        const record = { seq: records.length, at: log.now, actor, word, prev: '', hash: '' };
        records.push(record);
        return record;
      }),
    add: (user: string, ...roles: readonly Role[]) => {
      const key = newPrivateKey();
      keys.set(user, key);
      log.write(user, { type: 'UserAdded', user, roles, publicKey: publicKeyText(key) });
    },
    sign: (user: string, request: ApprovalRequest): string => signText(keys.get(user) ?? newPrivateKey(), requestText(request)),
    name: (promotion = 'sma-1', strategy = 'sma', by = 'alice') =>
      log.write(by, { type: 'CandidateNamed', promotion, strategy, run: 'run-1', pins: `pins-${promotion}` }),
    paper: (promotion = 'sma-1', by = 'alice', place: typeof PLACE | { account: string; venue: string; practice: boolean } = PLACE) =>
      log.write(by, {
        type: 'StageEntered',
        promotion,
        stage: 'paper',
        size: 10_000,
        share: 1,
        request: null,
        ...place,
      }),
    ask: (terms: Partial<Terms> = {}, by = 'alice', persons = 2): ApprovalRequest => {
      const request = makeRequest(
        {
          promotion: 'sma-1',
          action: 'live',
          strategy: 'sma',
          ...PLACE,
          size: 10_000,
          share: 0.01,
          currency: 'USDT',
          worstCaseLoss: 35,
          pins: `pins-${terms.promotion ?? 'sma-1'}`,
          gates: gatesHash(GATES),
          overrides: [],
          requestedBy: by,
          ...terms,
        },
        { persons, approvalExpires: '24h' },
        { at: log.now, nonce: String(records.length), hasUsers: true },
      );
      const to = request.action;
      log.write(
        by,
        { type: 'GatesJudged', promotion: request.promotion, to, results: GATES },
        { type: 'ApprovalRequested', request, signature: log.sign(by, request) },
      );
      return request;
    },
    approve: (request: ApprovalRequest, by = 'bob') =>
      log.write(by, { type: 'ApprovalGiven', request: request.id, signature: log.sign(by, request) }),
    enter: (request: ApprovalRequest, by = 'bob') =>
      log.write(by, {
        type: 'StageEntered',
        promotion: request.promotion,
        stage: request.action === 'ramp' ? 'live' : request.action,
        size: request.size,
        share: request.share,
        request: request.id,
        account: request.account,
        venue: request.venue,
        practice: request.practice,
      }),
    step: (request: ApprovalRequest, from: number, by = 'bob') =>
      log.write(by, {
        type: 'RampStepped',
        promotion: request.promotion,
        from,
        to: request.share,
        code: 'approved',
        text: 'next step',
        request: request.id,
      }),
  };
  return log;
};
export type WrittenLog = ReturnType<typeof writtenLog>;
