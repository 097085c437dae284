import { stat } from 'node:fs/promises';
import { UserError } from '../../errors.js';
import { auditFiles } from '../../promotion/audit/audit-folder.js';
import { auditFolder } from '../audit-options.js';
import type { Workspace } from '../workspace.js';
import { isJoined } from './joined-team.js';
import { registryUrl } from './registry-place.js';

/** Whether its own log has anything. Keys of people and an empty file are no records; a head without its log is of one that was taken away, and the import says so. */
const hasRecords = async (workspace: Pick<Workspace, 'root'>): Promise<boolean> => {
  const { log, head, pending } = auditFiles(auditFolder(workspace));
  const sizes = await Promise.all([log, head, pending].map(async path => (await stat(path).catch(() => null))?.size ?? 0));
  return sizes.some(size => size > 0);
};

/** Whether a workspace names a registry that was not brought its own audit log. */
export const isAuditUnimported = async (workspace: Workspace): Promise<boolean> =>
  (await registryUrl(workspace)) !== null && !(await isJoined(workspace)) && (await hasRecords(workspace));

/** Why nothing goes on record there meanwhile: the first record begins the team's log, and a log that comes later gives the team neither users nor promotions, for good. */
export const auditNotImported = (): UserError =>
  new UserError(
    'audit-not-imported',
    'The audit log of this workspace, with its users and promotions, is not in the registry; a record that came there before it could keep them out for good.',
    4,
    'Bring it first: quantai registry import',
  );

/** Throws (exit code 4) while a workspace's own log was not brought to the registry that it names. Asked before anything of it is recorded there. */
export const requireAuditImported = async (workspace: Workspace): Promise<void> => {
  if (await isAuditUnimported(workspace)) throw auditNotImported();
};
