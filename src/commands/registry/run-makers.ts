import type { AuditRecord } from '../../promotion/audit/audit-record.js';
import { reproducingCommand } from '../reproduce.js';
import type { RunOnDisk } from '../run-list.js';

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;
const text = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Where the registry is says nothing about the run, and the log hides it. */
const bare = (command: string): string => command.replace(/ (?:--registry(?:=| )|'--registry=)\S+/g, '');

/**
 * Who made each run, by its id, as a workspace's audit log tells: a run's manifest has the command line that gives it again, and the log has command lines with who gave them. Runs of the same command belong to who gave it since
 * the run before. Left out is what nobody can tell: what the log has not, and what two people gave alike.
 */
export const runMakers = (runs: readonly RunOnDisk[], records: readonly AuditRecord[]): ReadonlyMap<string, string> => {
  const makers = new Map<string, string>();
  const lastEnd = new Map<string, number>();
  for (const { runId, manifest, written } of [...runs].sort((a, b) => a.written - b.written)) {
    const reproduce = bare(text(manifest['reproduce']));
    const dataset = isRecord(manifest['dataset']) ? manifest['dataset'] : {};
    if (reproduce === '') continue;
    const since = lastEnd.get(reproduce) ?? -Infinity;
    lastEnd.set(reproduce, written);
    const [maker, another] = new Set(
      records.flatMap(({ at, actor, word }) =>
        word.type === 'CommandGiven' &&
        word.verb === manifest['command'] &&
        at > since &&
        at <= written &&
        bare(reproducingCommand(word.words, text(dataset['id']), text(dataset['version']))) === reproduce
          ? [actor]
          : [],
      ),
    );
    if (maker !== undefined && another === undefined) makers.set(runId, maker);
  }
  return makers;
};
