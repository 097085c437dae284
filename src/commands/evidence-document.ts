import type { EvidenceRecord } from '../experiments/evidence/evidence-record.js';
import { decidingPbo } from '../experiments/evidence/verdict.js';
import { pValue, ratio } from './figures.js';
import { table } from './table.js';

/** The record as it goes into JSON: columns as plain lists. Numbers that JSON lacks become null where it is written. */
export const evidenceDocumentOf = (record: EvidenceRecord, files: { readonly page: string; readonly json: string }, elapsedMs: number) => ({
  ...record,
  search: record.search && { ...record.search, logits: Array.from(record.search.logits) },
  files,
  elapsedMs,
});

/** What `evidence --json` prints. */
export type EvidenceDocument = ReturnType<typeof evidenceDocumentOf>;

const SIGNS = { for: '+', against: '−', neither: ' ' } as const;

/** The verdict, the figures and the checks, for a terminal. */
export const evidenceLines = ({
  run,
  sentence,
  reasons,
  tried,
  sharpe,
  search,
  foldPbo,
  checks,
  untested,
  files,
}: EvidenceDocument): string =>
  [
    `${run.strategy} on ${run.dataset}: ${run.runId}`,
    sentence,
    '',
    ...reasons.map(reason => `${SIGNS[reason.says]} ${reason.sentence}`),
    '',
    table(
      [{ title: 'figure' }, { title: 'value', align: 'right' }],
      [
        ['trials (N)', String(tried.total)],
        ['effective trials', ratio(tried.effective.value, 0)],
        ['Sharpe', ratio(sharpe.annual.value)],
        ['95% interval', sharpe.low === null ? 'none' : `${ratio(sharpe.low)} to ${ratio(sharpe.high)}`],
        ['Sharpe, less luck', ratio(sharpe.corrected.value)],
        ['probabilistic Sharpe', ratio(sharpe.psr.value)],
        ['deflated Sharpe', ratio(sharpe.dsr.value)],
        ['probability of overfitting', ratio(decidingPbo({ search, foldPbo }))],
        ['reality check, p', pValue(search?.realityCheck.value)],
        ['SPA, p', pValue(search?.spa.value)],
      ],
    ),
    ...(checks.length === 0
      ? []
      : [
          '',
          table(
            [{ title: 'check' }, { title: 'verdict' }, { title: 'found' }],
            checks.map(({ title, verdict, sentence: found }) => [title, verdict, found]),
          ),
        ]),
    ...(untested.length === 0 ? [] : ['', 'Not tested:', ...untested.map(({ what, why }) => `  ${what}: ${why}`)]),
    '',
    `Page ${files.page}`,
  ].join('\n');
