import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { people, type Person } from '../../promotion/people/people.js';
import { auditFolder, workspaceAudit } from '../workspace-audit.js';
import { workspaceAt } from '../workspace.js';

const stateOf = async (path: string): Promise<string> => {
  const info = await stat(path).catch(() => null);
  return info === null ? '' : `${info.mtimeMs} ${info.size} ${info.ino}`;
};

/** Who works with a workspace now: the audit log is read, and checked, whenever it has changed. Throws what the log throws. */
export const knownPeople = (root: string): (() => Promise<ReadonlyMap<string, Person>>) => {
  const workspace = workspaceAt(root);
  const folder = auditFolder(workspace);
  let known: { readonly state: string; readonly people: Promise<ReadonlyMap<string, Person>> } | null = null;
  const read = async (): Promise<ReadonlyMap<string, Person>> => people(await (await workspaceAudit(workspace)).read());
  return async () => {
    const state = (await Promise.all(['log.ndjson', 'head.json', 'pending.json', 'key.pem'].map(name => stateOf(join(folder, name))))).join(
      '|',
    );
    if (known?.state !== state) {
      const found = { state, people: read() };
      known = found;
      // A fault is looked for again: it may have been mended.
      found.people.catch(() => {
        if (known === found) known = null;
      });
    }
    return known.people;
  };
};
