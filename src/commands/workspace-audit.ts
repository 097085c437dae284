import { existsSync } from 'node:fs';
import type { AuditStore } from '../promotion/audit/audit-log.js';
import type { AuditLogOptions } from '../promotion/audit/open-audit-log.js';
import { auditFolder } from './audit-options.js';
import { registryUrl } from './registry/registry-place.js';
import type { Workspace } from './workspace.js';

/** Whether there is a log that research is recorded in too: one of the workspace's own, or its team's. */
export const isAudited = async (workspace: Workspace): Promise<boolean> =>
  existsSync(auditFolder(workspace)) || (await registryUrl(workspace)) !== null;

/** The workspace's audit log: its team's, or its own, whose folder is made with the first record. */
export const workspaceAudit = async (workspace: Workspace, own: Pick<AuditLogOptions, 'patienceMs'> = {}): Promise<AuditStore> =>
  // Most commands that only look, and research without a log, load none of it.
  (await (await import('./registry/registry.js')).registryOf(workspace)).audit(own);
