import { canonicalJson } from '../datasets/canonical-json.js';
import { writeFileDurably } from '../durable-file.js';
import { UserError, usageError } from '../errors.js';
import type { AuditHead } from '../promotion/audit/audit-head.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import { subjectOf } from '../promotion/audit/audit-subject.js';
import type { AuditExportArguments } from './audit.js';
import { grouped } from './figures.js';
import { present } from './terminal.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt } from './workspace.js';

/** How somebody checks an export by other means. */
const NOTE =
  'Each record is canonical JSON (keys sorted, no spaces). hash is the SHA-256 of the record without its hash; prev is the hash of the record before, 64 zeros for the first; seq counts from 0 without gaps. ' +
  'The head names the last record. Its signature is Ed25519 by publicKey (SPKI, base64) over the canonical JSON of the head without its signature and with kind "quantai-audit-head". ' +
  'An approval is signed by the public key that the approver had, as UserAdded and UserKeyChanged name it, over the canonical JSON of the request.';

const quoted = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

const ndjson = (records: readonly AuditRecord[], head: AuditHead): string =>
  [canonicalJson({ export: 'quantai-audit', version: 1, head, note: NOTE }), ...records.map(record => canonicalJson(record))].join('\n');

const csv = (records: readonly AuditRecord[], head: AuditHead): string =>
  [
    `# ${NOTE}`,
    `# head ${canonicalJson(head)}`,
    'seq,at,time,actor,type,promotion,account,venue,word,prev,hash',
    ...records.map(({ seq, at, actor, word, prev, hash }) => {
      const { promotion, account, venue } = subjectOf(word, records);
      const cells = [
        String(seq),
        String(at),
        new Date(at).toISOString(),
        actor,
        word.type,
        promotion,
        account,
        venue,
        canonicalJson(word),
        prev,
        hash,
      ];
      return cells.map(cell => quoted(cell ?? '')).join(',');
    }),
  ].join('\n');

/** Writes the log into one file, after it was looked at whole. */
export const exportAudit = async (args: AuditExportArguments): Promise<void> => {
  const format = args.file.endsWith('.ndjson') ? ndjson : args.file.endsWith('.csv') ? csv : null;
  if (format === null)
    throw usageError(
      'unknown-format',
      `"${args.file}" does not end in .ndjson or .csv.`,
      'Name the file so that its ending says the format.',
    );
  const workspace = workspaceAt(args.workspace);
  const log = await workspaceAudit(workspace);
  const { head, firstBad, notes } = await log.verify();
  if (firstBad !== null)
    throw new UserError(
      'broken-audit-log',
      `Record ${firstBad.seq} is bad: ${firstBad.reason}.`,
      4,
      'A broken log is not exported: see quantai audit verify.',
    );
  if (head === null) throw usageError('no-records', 'There is no record to export.', 'The first command that acts makes one.');
  const records = (await log.read()).filter(({ seq }) => seq <= head.seq);
  await writeFileDurably(args.file, `${format(records, head)}\n`);
  present(
    args,
    { file: args.file, records: records.length, head, notes },
    result => `${grouped(result.records)} records in ${result.file}. Public key: ${head.publicKey}`,
  );
};
