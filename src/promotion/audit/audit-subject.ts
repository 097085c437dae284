import type { AuditRecord, AuditWord } from './audit-record.js';

/** What a record is about; null where it is about no such thing. */
export interface AuditSubject {
  readonly promotion: string | null;
  readonly account: string | null;
  readonly venue: string | null;
}

const textOf = (word: object, name: string): string | null => {
  const value: unknown = Object.entries(word).find(([key]) => key === name)?.[1];
  return typeof value === 'string' ? value : null;
};

/** What a word is about. An approval is about what its request is, which is looked up in the records. */
export const subjectOf = (word: AuditWord, records: readonly AuditRecord[]): AuditSubject => {
  const about =
    word.type === 'ApprovalRequested'
      ? word.request
      : word.type === 'ApprovalGiven' || word.type === 'ApprovalRefused'
        ? (records.map(each => each.word).find(each => each.type === 'ApprovalRequested' && each.request.id === word.request) ?? word)
        : word;
  const named = 'request' in about && typeof about.request === 'object' && about.request !== null ? about.request : about;
  return { promotion: textOf(named, 'promotion'), account: textOf(named, 'account'), venue: textOf(named, 'venue') };
};
