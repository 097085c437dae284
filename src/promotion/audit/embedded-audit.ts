import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { withWriterLock } from '../../datasets/writer-lock.js';
import { auditFiles } from './audit-folder.js';
import type { AuditStore } from './audit-log.js';
import { openAuditLog, type AuditLogOptions } from './open-audit-log.js';
import { verifyAuditLog } from './verify-audit-log.js';

/** Held by who moves a strategy from stage to stage. */
export const stagesLock = (folder: string): string => join(folder, 'stages.lock');

const stateOf = async (path: string): Promise<string> => {
  const info = await stat(path).catch(() => null);
  return info === null ? '' : `${info.mtimeMs} ${info.size} ${info.ino}`;
};

/** The audit log of a workspace by itself, in its own folder. */
export const embeddedAudit = (options: AuditLogOptions): AuditStore => {
  const log = openAuditLog(options);
  return {
    ...log,
    // A file answers or is broken: there is no last look to fall back on.
    readLast: async () => ({ records: await log.read(), isCopy: false }),
    verify: () => verifyAuditLog(options),
    mark: async () => (await Promise.all(Object.values(auditFiles(options.folder)).map(stateOf))).join('|'),
    movingStages: work => withWriterLock(stagesLock(options.folder), work),
  };
};
