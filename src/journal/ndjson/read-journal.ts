import type { Fact } from '../../events/fact.js';
import type { Disk } from '../disk.js';
import { walkJournal, type WalkOptions } from './walk-journal.js';

/** Facts of a journal in the order of writing, each after its commit was checked. Throws `JournalDamage` at the first thing that is wrong, after the facts before it. */
export async function* readJournal(disk: Disk, folder: string, options: Omit<WalkOptions, 'inspect'> = {}): AsyncGenerator<Fact, void> {
  let facts: Fact[] = [];
  const inspect = (fact: Fact): null => {
    facts.push(fact);
    return null;
  };
  const walk = walkJournal(disk, folder, { ...options, inspect });
  for (let ended = false; !ended;) {
    const step = await walk.next().catch((error: unknown) => ({ error }));
    yield* facts;
    facts = [];
    if ('error' in step) throw step.error;
    ended = step.done === true;
  }
}
