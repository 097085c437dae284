import type { AuditRecord } from '../audit/audit-record.js';
import type { ApprovalRequest } from './approval-request.js';

/** A request, and what became of it. */
export interface ApprovalState {
  readonly request: ApprovalRequest;
  /** Of the record that asks. */
  readonly seq: number;
  readonly actor: string;
  /** Of the one who asks, over the request's text; null where no users were set up. */
  readonly signature: string | null;
  readonly approvals: readonly { readonly by: string; readonly at: number; readonly seq: number; readonly signature: string }[];
  readonly refusals: readonly {
    readonly by: string;
    readonly at: number;
    readonly seq: number;
    readonly code: string;
    readonly text: string;
  }[];
  /** Record of the step that was taken by it; a request is good for one. */
  readonly taken: number | null;
}

/** Every request of the log by id, in the order in which they were made. */
export const foldApprovals = (records: readonly AuditRecord[]): ReadonlyMap<string, ApprovalState> => {
  const all = new Map<string, ApprovalState>();
  const change = (id: string | null, made: (state: ApprovalState) => Partial<ApprovalState>): void => {
    const state = id === null ? undefined : all.get(id);
    if (state) all.set(state.request.id, { ...state, ...made(state) });
  };
  for (const { seq, at, actor, word } of records)
    switch (word.type) {
      case 'ApprovalRequested': {
        const { request, signature = null } = word;
        if (!all.has(request.id)) all.set(request.id, { request, seq, actor, signature, approvals: [], refusals: [], taken: null });
        break;
      }
      case 'ApprovalGiven':
        change(word.request, ({ approvals }) => ({ approvals: [...approvals, { by: actor, at, seq, signature: word.signature }] }));
        break;
      case 'ApprovalRefused':
        change(word.request, ({ refusals }) => ({ refusals: [...refusals, { by: actor, at, seq, code: word.code, text: word.text }] }));
        break;
      case 'StageEntered':
      case 'RampStepped':
        change(word.request, ({ taken }) => ({ taken: taken ?? seq }));
        break;
      default:
    }
  return all;
};
