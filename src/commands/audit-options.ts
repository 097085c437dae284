import { join, resolve } from 'node:path';
import type { AuditLogOptions } from '../promotion/audit/open-audit-log.js';
import { readConfig } from './config-file.js';
import { say } from './terminal.js';
import type { Workspace } from './workspace.js';

/** Folder of the workspace's own audit log; a team's is in its registry. */
export const auditFolder = ({ root }: Pick<Workspace, 'root'>): string => join(root, 'audit');

/** Folder of the sealed keys that people sign with. */
export const peopleFolder = (workspace: Pick<Workspace, 'root'>): string => join(auditFolder(workspace), 'people');

/** Where the workspace's own audit log is, with anchor and key as `quantai.config.ts` names them. */
export const auditOptions = async (workspace: Workspace): Promise<AuditLogOptions> => {
  const { anchor, key } = (await readConfig(workspace)).audit;
  return {
    folder: auditFolder(workspace),
    anchor: anchor === undefined ? null : resolve(workspace.root, anchor),
    now: Date.now,
    ...(key !== undefined && { hostKey: resolve(workspace.root, key) }),
    warn: text => say(`warning: ${text}`),
  };
};
