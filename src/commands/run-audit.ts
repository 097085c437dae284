import { didYouMean, failed, UserError, usageError } from '../errors.js';
import { lastAnchored } from '../promotion/audit/anchors.js';
import { subjectOf } from '../promotion/audit/audit-subject.js';
import { auditText } from '../promotion/audit/audit-text.js';
import { formatTime, parseDuration, parseTime } from '../time.js';
import { actorName } from './actor.js';
import type { AuditShowArguments } from './audit.js';
import { grouped } from './figures.js';
import type { GlobalOptions } from './global-options.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { auditOptions } from './audit-options.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

/** Looks at the whole log. Exit code 4 when it is not what was written. */
export const verifyAudit = async (args: GlobalOptions): Promise<void> => {
  const verdict = await (await workspaceAudit(workspaceAt(args.workspace))).verify();
  const { ok, records, head, anchors, firstBad, notes } = verdict;
  present(args, verdict, () =>
    [
      records === 0 && ok ? 'There is no record yet.' : `Records  ${grouped(records)}${ok ? '' : ' up to the first bad one'}`,
      ...(head === null ? [] : [`Head     record ${head.seq}, signed ${formatTime(head.at)}`]),
      ...(anchors === null
        ? []
        : [`Anchor   ${anchors.place}: ${grouped(anchors.heads)} heads, the last of record ${anchors.last ?? 'none'}`]),
      ...(firstBad === null ? [] : [`BAD      record ${firstBad.seq} (line ${firstBad.line}): ${firstBad.reason}`]),
      ...notes.map(note => `Note     ${note}`),
      ...(ok && records > 0 ? ['The log is what was written.'] : []),
    ].join('\n'),
  );
  if (firstBad !== null)
    throw new UserError(
      'broken-audit-log',
      `The audit log is not what was written. First bad record: ${firstBad.seq}, for ${firstBad.reason}.`,
      4,
      'Put a copy back, and find out who changed it.',
    );
};

/** A time, or as long ago as a duration says. */
const sinceOf = (text: string): number => {
  try {
    return Date.now() - parseDuration(text);
  } catch {
    return parseTime(text);
  }
};

/** Shows records. */
export const showAudit = async (args: AuditShowArguments): Promise<void> => {
  const { records } = await (await workspaceAudit(workspaceAt(args.workspace))).readLast();
  const known = new Set(records.map(({ word }) => word.type as string));
  const types = args.type?.split(',').map(type => type.trim());
  const unknown = types?.find(type => !known.has(type));
  if (unknown !== undefined && records.length > 0)
    throw usageError(
      'unknown-type',
      `There is no record of type "${unknown}".${didYouMean(unknown, known)}`,
      `There are ${[...known].sort().join(', ')}.`,
    );
  const { last } = args;
  if (last !== undefined && !(Number.isInteger(last) && last > 0))
    throw usageError('bad-last', `--last is a whole number above 0, not ${last}.`);
  const since = args.since === undefined ? -Infinity : sinceOf(args.since);
  const found = records.filter(({ at, actor, word }) => {
    const { promotion, account } = subjectOf(word, records);
    return (
      at >= since &&
      (types === undefined || types.includes(word.type)) &&
      (args.actor === undefined || actor === args.actor) &&
      (args.account === undefined || account === args.account) &&
      (args.promotion === undefined || promotion?.startsWith(args.promotion) === true)
    );
  });
  const shown = last === undefined ? found : found.slice(-last);
  present(args, { records: shown }, () =>
    shown.length === 0
      ? 'No such record.'
      : table(
          [{ title: 'Seq', align: 'right' }, { title: 'Time (UTC)' }, { title: 'Who' }, { title: 'What' }, { title: '' }],
          shown.map(({ seq, at, actor, word }) => [seq, formatTime(at), actor, word.type, auditText(word)]),
        ),
  );
};

/** Brings the anchor up to date, and says so on record. */
export const anchorAudit = async (args: GlobalOptions): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { anchor } = await auditOptions(workspace);
  const log = await workspaceAudit(workspace);
  if (anchor === null)
    throw usageError(
      'no-anchor',
      'No anchor is set.',
      'Name a folder on another disk in quantai.config.ts: audit: { anchor: "/mnt/anchor" }.',
    );
  const end = (await log.read()).at(-1);
  if (end === undefined) throw usageError('no-records', 'There is no record to anchor.', 'The first command that acts makes one.');
  const [made] = await log.append(actorName(args), [{ type: 'Anchored', place: anchor, anchored: end.seq, head: end.hash, lagged: 0 }]);
  const { head } = await log.verify();
  const last = head === null ? null : await lastAnchored(anchor, head.workspace).catch(() => null);
  if (last === null || made === undefined || last.seq < made.seq)
    throw failed(
      'not-anchored',
      `The anchor ${anchor} was not written.`,
      'The folder must exist and take files; it is not made, for it may be an unmounted disk.',
    );
  present(args, { anchor, seq: last.seq, hash: last.hash }, () => `${anchor} has the head of record ${last.seq}.`);
};
