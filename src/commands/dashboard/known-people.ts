import { people, type Person } from '../../promotion/people/people.js';
import { workspaceAudit } from '../workspace-audit.js';
import { workspaceAt } from '../workspace.js';

/** A log that does not answer in time is read from where it was last kept. */
const PATIENCE_MS = 1_000;

/** Who works with a workspace now: the audit log is read, and checked, whenever it has changed. Throws what the log throws. */
export const knownPeople = (root: string): (() => Promise<ReadonlyMap<string, Person>>) => {
  const workspace = workspaceAt(root);
  let known: { readonly mark: string; readonly people: Promise<ReadonlyMap<string, Person>> } | null = null;
  return async () => {
    const log = await workspaceAudit(workspace, { patienceMs: PATIENCE_MS });
    const mark = await log.mark();
    if (known?.mark !== mark) {
      const found = { mark, people: log.read().then(people) };
      known = found;
      // A fault is looked for again: it may have been mended.
      found.people.catch(() => {
        if (known === found) known = null;
      });
    }
    return known.people;
  };
};
