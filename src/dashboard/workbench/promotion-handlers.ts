import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { didYouMean, usageError } from '../../errors.js';
import { auditText } from '../../promotion/audit/audit-text.js';
import type { AuditRecord } from '../../promotion/audit/audit-record.js';
import { foldPromotions } from '../../promotion/stages.js';
import type { WorkbenchHandlers } from '../api/endpoints.js';
import type { AuditLine, promotionApi } from '../api/promotion-api.js';
import type { Platform } from '../platform.js';
import { approvalViews } from './approval-views.js';
import { auditReader } from './audit-reader.js';
import { promotionLine, promotionView } from './promotion-view.js';
import { promotionWords } from './promotion-words.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What came of a step, in a sentence. */
const stepText = (document: unknown): string => {
  if (!isRecord(document)) return 'It is done.';
  const { promotion, stage, request } = document;
  if (isRecord(request) && request['approvals'] !== 0)
    return `Request ${String(request['id'])} is made, and needs ${request['approvals'] === 1 ? 'another person' : `${String(request['approvals'])} others`}.`;
  return `${String(promotion)} is ${String(stage)} now.`;
};

const approvedText = (document: unknown): string => {
  if (!isRecord(document)) return 'It is done.';
  const { request, isTaken, approvedBy, needed } = document;
  return isTaken === true
    ? `Request ${String(request)} is approved, and the step is taken.`
    : `Request ${String(request)} has ${Array.isArray(approvedBy) ? approvedBy.length : 0} of ${String(needed)} approvals.`;
};

const verdictOf = (document: unknown): { readonly ok: boolean; readonly text: string } => {
  const { ok, records, firstBad } = isRecord(document) ? document : {};
  if (ok === true)
    return { ok: true, text: records === 0 ? 'There is no record yet.' : `All ${String(records)} records are what was written.` };
  const fault = isRecord(firstBad) ? `The first bad record is ${String(firstBad['seq'])}: ${String(firstBad['reason'])}.` : '';
  return { ok: false, text: `The audit log is not what was written. ${fault}`.trim() };
};

const lineOf = (record: AuditRecord): AuditLine => {
  const { seq, at, actor, word } = record;
  return { seq, at, actor, type: word.type, text: auditText(word), record };
};

const passed = (passphrase: string | undefined): { readonly stdin?: string } => (passphrase === undefined ? {} : { stdin: passphrase });

/** Promotions, approvals and the audit log: folds of the log, and steps through the command line. */
export const promotionHandlers = (
  platform: Pick<Platform, 'workspace' | 'ask'>,
  now: () => number = Date.now,
): Pick<WorkbenchHandlers, keyof typeof promotionApi> => {
  const records = auditReader(platform);
  return {
    'promotions.list': async ({ caller }) => ({ promotions: foldPromotions(await records(caller.name)).all.map(promotionLine) }),
    'promotions.show': async ({ caller, params }) => {
      const log = await records(caller.name);
      const { all } = foldPromotions(log);
      const state = all.find(({ id }) => id === params.promotion);
      if (state !== undefined) return promotionView(state, log, path => existsSync(join(platform.workspace, path)));
      const near = didYouMean(
        params.promotion,
        all.map(({ id }) => id),
      );
      throw usageError('unknown-promotion', `There is no promotion ${params.promotion}.${near}`, 'Look at the list of promotions.');
    },
    'promotions.change': async ({ caller, body }) => {
      const passphrase = 'passphrase' in body ? body.passphrase : undefined;
      const document = await platform.ask(promotionWords(platform.workspace, body), caller.name, passed(passphrase));
      return { text: stepText(document), document };
    },
    'approvals.list': async ({ caller }) => ({ requests: approvalViews(await records(caller.name), now()) }),
    'approvals.give': async ({ caller, params, body }) => {
      const document = await platform.ask(['approve', params.request, `--confirm=${body.confirm}`], caller.name, passed(body.passphrase));
      return { text: approvedText(document), document };
    },
    'audit.list': async ({ caller, query: { before = Infinity, actor, type, text, limit } }) => {
      const sought = text?.toLowerCase();
      const found = (await records(caller.name))
        .filter(record => (actor === undefined || record.actor === actor) && (type === undefined || record.word.type === type))
        .map(lineOf)
        .filter(line => sought === undefined || `${line.actor} ${line.type} ${line.text}`.toLowerCase().includes(sought));
      return {
        records: found
          .filter(({ seq }) => seq < before)
          .slice(-limit)
          .reverse(),
        total: found.length,
      };
    },
    'audit.verify': async ({ caller }) => verdictOf(await platform.ask(['audit', 'verify'], caller.name)),
  };
};
