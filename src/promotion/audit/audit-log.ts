import { UserError } from '../../errors.js';
import type { AuditRecord, AuditWord } from './audit-record.js';
import type { AuditVerdict } from './verify-audit-log.js';

/** The log as somebody knew it who decided on it. */
export interface Follows {
  /** `seq` of its last record; -1 where it had none. */
  readonly after: number;
}

/** What is appended on the strength of these records. */
export const following = (records: readonly AuditRecord[]): Follows => ({ after: records.at(-1)?.seq ?? -1 });

/** Throws where the log has gone on, or back, since it was decided on. */
export const requireUnmoved = (follows: Follows | undefined, last: number): void => {
  if (follows !== undefined && follows.after !== last)
    throw new UserError(
      'log-moved',
      `The audit log ends with record ${last} and not ${follows.after}: somebody else wrote meanwhile.`,
      4,
      'Nothing was recorded: look again, and do it again.',
    );
};

const TRIES = 10;

/** Decides on the log and appends what follows from it; anew, on what it then says, where others wrote in between (`log-moved`). */
export const decideOn = async <T>(log: Pick<AuditLog, 'read'>, decide: (records: readonly AuditRecord[]) => Promise<T>): Promise<T> => {
  for (let left = TRIES - 1; ; left -= 1)
    try {
      return await decide(await log.read());
    } catch (error) {
      if (left === 0 || !(error instanceof UserError) || error.code !== 'log-moved') throw error;
    }
};

/** What a log says, and whether it does so itself. */
export interface LastLook {
  readonly records: readonly AuditRecord[];
  /** True where the log does not answer: this is what it said when it was last looked at, and may have been taken back since. */
  readonly isCopy: boolean;
}

/** The workspace's audit log. Any number of processes may append to it. */
export interface AuditLog {
  /** Appends records in one step and signs the new head; resolves when both are on the disk. Throws a `UserError` (exit code 4) that names the first bad record when the end of the log is not what its head says. */
  /** With `follows` it appends behind what was decided on, or throws `log-moved` (exit code 4) and nothing is appended: a log with a record that cannot be lets nobody begin or promote any more, and nothing takes it out. */
  append(actor: string, words: readonly AuditWord[], follows?: Follows): Promise<readonly AuditRecord[]>;
  /** Every record as the log has it now, after the chain and the head's signature were checked: what may be is decided on these alone. Throws a `UserError` (exit code 4) that names the first bad record. */
  read(): Promise<readonly AuditRecord[]>;
}

/** A log with what is done about it, wherever it is kept: in the workspace's own folder, or in its team's registry. */
export interface AuditStore extends AuditLog {
  /** Looks at everything and names the first bad record. Throws nothing for a log that is wrong. */
  verify(): Promise<AuditVerdict>;
  /** For whoever looks, or halts: the records as `read` gives them, or as they were last looked at where a registry does not answer. Nothing that begins, adds or promotes anything rests on it. */
  readLast(): Promise<LastLook>;
  /** Another text whenever the log is another: what was read at one is what would be read again. Cheap. Throws where that cannot be told now. */
  mark(): Promise<string>;
  /** Runs `work` as the only one, among all who append to this log, that moves strategies from stage to stage. */
  movingStages<T>(work: () => Promise<T>): Promise<T>;
}
