import type { AuditRecord, AuditWord } from './audit-record.js';

/** The workspace's audit log. Any number of processes may append to it. */
export interface AuditLog {
  /** Appends records in one step and signs the new head; resolves when both are on the disk. Throws a `UserError` (exit code 4) that names the first bad record when the end of the log is not what its head says. */
  append(actor: string, words: readonly AuditWord[]): Promise<readonly AuditRecord[]>;
  /** Every record, after the chain and the head's signature were checked. Throws a `UserError` (exit code 4) that names the first bad record. */
  read(): Promise<readonly AuditRecord[]>;
}
