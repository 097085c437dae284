import type { AuditRecord, AuditWord } from './audit-record.js';
import type { AuditVerdict } from './verify-audit-log.js';

/** The workspace's audit log. Any number of processes may append to it. */
export interface AuditLog {
  /** Appends records in one step and signs the new head; resolves when both are on the disk. Throws a `UserError` (exit code 4) that names the first bad record when the end of the log is not what its head says. */
  append(actor: string, words: readonly AuditWord[]): Promise<readonly AuditRecord[]>;
  /** Every record, after the chain and the head's signature were checked. Throws a `UserError` (exit code 4) that names the first bad record. */
  read(): Promise<readonly AuditRecord[]>;
}

/** A log with what is done about it, wherever it is kept: in the workspace's own folder, or in its team's registry. */
export interface AuditStore extends AuditLog {
  /** Looks at everything and names the first bad record. Throws nothing for a log that is wrong. */
  verify(): Promise<AuditVerdict>;
  /** Another text whenever the log is another: what was read at one is what would be read again. Cheap. */
  mark(): Promise<string>;
  /** Runs `work` as the only one, among all who append to this log, that moves strategies from stage to stage. */
  movingStages<T>(work: () => Promise<T>): Promise<T>;
}
