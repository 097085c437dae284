import { UserError } from '../../errors.js';
import { people, type Person } from '../../promotion/people/people.js';
import { workspaceAudit } from '../workspace-audit.js';
import { workspaceAt } from '../workspace.js';

/** A log that does not answer in time is read from where it was last kept. */
const PATIENCE_MS = 1_000;

/**
 * Who works with a workspace now: the audit log is read, and checked, whenever it has changed. While it does not answer they are who they were when it last did; that is asked anew each time, or a right that was taken away
 * meanwhile would hold until somebody writes again. Throws what the log throws.
 */
export const knownPeople = (root: string): (() => Promise<ReadonlyMap<string, Person>>) => {
  const workspace = workspaceAt(root);
  let known: { readonly mark: string; readonly people: ReadonlyMap<string, Person> } | null = null;
  return async () => {
    const log = await workspaceAudit(workspace, { patienceMs: PATIENCE_MS });
    let mark: string;
    try {
      mark = await log.mark();
    } catch (error) {
      if (!(error instanceof UserError && error.code === 'registry-away')) throw error;
      return known?.people ?? people((await log.readLast()).records);
    }
    if (known?.mark === mark) return known.people;
    const { records, isCopy } = await log.readLast();
    const found = { mark, people: people(records) };
    if (!isCopy) known = found;
    return found.people;
  };
};
