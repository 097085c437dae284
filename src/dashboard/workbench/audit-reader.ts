import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditRecord } from '../../promotion/audit/audit-record.js';
import type { Platform } from '../platform.js';

const stateOf = async (path: string): Promise<string> => {
  const info = await stat(path).catch(() => null);
  return info === null ? '' : `${info.mtimeMs} ${info.size}`;
};

/** The whole audit log, checked as `quantai audit show` checks it, and read again when it has changed. `as` is who asks. Throws what the log throws. */
export const auditReader = ({ workspace, ask }: Pick<Platform, 'workspace' | 'ask'>): ((as: string) => Promise<readonly AuditRecord[]>) => {
  const folder = join(workspace, 'audit');
  let known: { readonly state: string; readonly records: Promise<readonly AuditRecord[]> } | null = null;
  const read = async (as: string): Promise<readonly AuditRecord[]> =>
    ((await ask(['audit', 'show'], as)) as { readonly records: readonly AuditRecord[] }).records;
  return async as => {
    const state = (await Promise.all(['log.ndjson', 'head.json', 'pending.json'].map(name => stateOf(join(folder, name))))).join('|');
    if (known?.state !== state) {
      const asked = { state, records: read(as) };
      known = asked;
      asked.records.catch(() => {
        if (known === asked) known = null;
      });
    }
    return known.records;
  };
};
