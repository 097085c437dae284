import { decideOn, following, type AuditStore } from '../promotion/audit/audit-log.js';
import type { AuditRecord, AuditWord } from '../promotion/audit/audit-record.js';
import { signAs } from '../promotion/people/person-key.js';
import { foldPromotions } from '../promotion/stages.js';
import { actorOf, type Actor } from './actor.js';
import { readConfig } from './config-file.js';
import type { WorkspaceConfig } from './workspace-config.js';
import type { GlobalOptions } from './global-options.js';
import { passphraseOnce } from './passphrase-once.js';
import { peopleFolder } from './audit-options.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt, type Workspace } from './workspace.js';

/** What everything that moves a strategy needs. */
export interface PromoteContext {
  readonly workspace: Workspace;
  readonly settings: WorkspaceConfig;
  readonly log: AuditStore;
  readonly actor: Actor;
  /** Signature of the actor over a text; null where no users are set up. Asks for the passphrase of the actor's key. */
  readonly sign: (text: string) => Promise<string | null>;
}

export const promoteContext = async (args: GlobalOptions): Promise<PromoteContext> => {
  const workspace = workspaceAt(args.workspace);
  const settings = await readConfig(workspace);
  const actor = await actorOf(args);
  const passphrase = passphraseOnce();
  return {
    workspace,
    settings,
    log: await workspaceAudit(workspace),
    actor,
    sign: async text => (actor.isConfigured ? signAs({ folder: peopleFolder(workspace), user: actor.name, passphrase }, text) : null),
  };
};

/**
 * Read the log, decide and append as the only one that moves stages in this workspace, or in its whole team. Alarms of sessions are not held up by it: what takes away is legal at any time. `decide` appends with `appendLegal`,
 * or behind what it was given, and is asked anew where somebody else wrote in between.
 */
export const movingStages = <T>({ log }: PromoteContext, decide: (records: readonly AuditRecord[]) => Promise<T>): Promise<T> =>
  log.movingStages(() => decideOn(log, decide));

/** Append what moves a stage; first whether it may be is looked at as everybody will from then on, for a log with a record that cannot be promotes nobody any more. Behind those records and no others: a lock in a database can be lost unnoticed. Throws (exit code 4) and appends nothing where it cannot be. */
export const appendLegal = async (
  { log, actor }: Pick<PromoteContext, 'log' | 'actor'>,
  records: readonly AuditRecord[],
  words: readonly AuditWord[],
): Promise<readonly AuditRecord[]> => {
  const next = { at: Date.now(), actor: actor.name, prev: '', hash: '' };
  foldPromotions([...records, ...words.map((word, i) => ({ ...next, seq: records.length + i, word }))]);
  return log.append(actor.name, words, following(records));
};
