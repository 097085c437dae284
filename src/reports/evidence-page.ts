import type { Finding } from '../datasets/series.js';
import type { RunManifest } from '../engine/run-result.js';
import type { EvidenceGrade, EvidenceRecord } from '../experiments/evidence/evidence-record.js';
import { decidingPbo } from '../experiments/evidence/verdict.js';
import { shortSymbol } from './currency.js';
import { evidenceOf, evidenceTile } from './evidence.js';
import { count, dateText, decimal, percent, signedPercent } from './number-text.js';
import { renderReport } from './render.js';
import { closingSections } from './sections/closing.js';
import { evidenceDetailSections, evidenceSections, triedSection } from './sections/evidence.js';
import type { ReportDocument, Tile } from './document.js';

/** What the page of evidence is made from. */
interface EvidencePageInput {
  readonly record: EvidenceRecord;
  readonly manifest: Pick<RunManifest, 'platform' | 'config' | 'inputs'>;
  readonly findings: readonly Finding[];
  /** The command that gives this page again. */
  readonly command: string;
  /** The command that gives the run again. */
  readonly reproduce: string;
}

const CLAIMS: Readonly<Record<EvidenceGrade, string>> = {
  none: 'no evidence',
  against: 'evidence against it',
  insufficient: 'too little to judge by',
  weak: 'weak evidence',
  suggestive: 'suggestive evidence',
  strong: 'strong evidence',
};

const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?!]$/.test(text) ? '' : '.'}`;

const missing = (label: string, reason: string | null | undefined): Tile => ({
  label,
  value: 'Not computed',
  detail: sentence(reason ?? 'not enough samples'),
});

const overfittingTile = ({ search, foldPbo, thresholds }: EvidenceRecord): Tile => {
  const label = 'Probability of overfitting';
  const value = decidingPbo({ search, foldPbo });
  if (value === null) return missing(label, search?.pbo.reason ?? foldPbo?.reason ?? 'there was no search');
  const [whole, folds] = [search?.pbo.value ?? null, foldPbo?.value ?? null];
  return {
    label,
    value: decimal(value),
    detail: `${thresholds.pbo} is no better than a coin${whole !== null && folds !== null ? `; searched history ${decimal(whole)}, median of the folds ${decimal(folds)}` : ''}`,
    ...(value >= thresholds.pbo && { tone: 'loss' as const }),
  };
};

const realityTile = ({ search, thresholds }: EvidenceRecord): Tile => {
  const label = 'Reality check, p';
  const p = search?.realityCheck.value ?? null;
  if (search === null || p === null) return missing(label, search?.realityCheck.reason ?? 'there was no search');
  const spa = search.spa.value === null ? '' : `SPA ${decimal(search.spa.value, 3)}; `;
  return {
    label,
    value: decimal(p, 3),
    detail: `${spa}at most ${thresholds.pValue} is asked for, of ${count(search.configurations)} configurations`,
    ...(p > thresholds.pValue && { tone: 'loss' as const }),
  };
};

const effectiveTile = ({ tried: { effective, total }, sharpe: { dsrEffective } }: EvidenceRecord): Tile =>
  effective.value === null
    ? missing('Effective trials', effective.reason)
    : {
        label: 'Effective trials',
        value: decimal(effective.value, effective.value < 10 && total > 1 ? 1 : 0),
        detail: `Alike ones counted together${dsrEffective.value === null ? '' : `; deflated Sharpe by them ${decimal(dsrEffective.value)}`}`,
      };

const correctedTile = ({ sharpe: { corrected, annual, lucky, low, high, level } }: EvidenceRecord): Tile => {
  const label = 'Sharpe, less luck';
  if (corrected.value === null || lucky.value === null) return missing(label, corrected.reason);
  const interval =
    low === null || high === null
      ? 'no interval'
      : `${percent(level, 0)} interval ${decimal(low - lucky.value)} to ${decimal(high - lucky.value)}`;
  return {
    label,
    value: decimal(corrected.value),
    detail: `${interval}; ${annual.value === null ? '' : `${decimal(annual.value)} less the ${decimal(lucky.value)} of the luckiest`}`,
    tone: corrected.value > 0 ? 'gain' : 'loss',
  };
};

const tilesOf = (record: EvidenceRecord): Tile[] => {
  const { judged, tried, sharpe, thresholds, run } = record;
  return [
    evidenceTile(evidenceOf(record)),
    {
      label: 'Trials (N)',
      value: count(tried.total),
      detail: `${count(tried.run)} in this run${tried.unsettled > 0 ? `, ${count(tried.unsettled)} interrupted among all` : ''}`,
    },
    effectiveTile(record),
    correctedTile(record),
    sharpe.dsr.value === null
      ? missing('Deflated Sharpe', sharpe.dsr.reason)
      : {
          label: 'Deflated Sharpe',
          value: decimal(sharpe.dsr.value),
          detail: `${thresholds.strong} is asked for; PSR ${sharpe.psr.value === null ? 'not defined' : decimal(sharpe.psr.value)}`,
        },
    overfittingTile(record),
    realityTile(record),
    judged.netReturn === null
      ? missing('Net return', 'there are no returns')
      : {
          label: run.outOfSample ? 'Net return, out of sample' : 'Net return, in-sample',
          value: signedPercent(judged.netReturn),
          detail: `${count(judged.trades)} trades, ${count(judged.returns)} returns`,
          ...(judged.netReturn !== 0 && { tone: judged.netReturn < 0 ? ('loss' as const) : ('gain' as const) }),
        },
  ];
};

const KINDS = { backtest: 'one backtest', walkforward: 'walk-forward, test windows joined', sweep: 'the best of a sweep' } as const;

/** The page of evidence as a document, before it is a page. */
export const evidenceDocument = ({ record, manifest, findings, command, reproduce }: EvidencePageInput): ReportDocument => {
  const { run, judged } = record;
  const { config } = manifest;
  const period = judged.returns === 0 ? 'no returns' : `${dateText(judged.from)} to ${dateText(judged.to)}`;
  return {
    title: `${run.strategy} on ${run.dataset}: ${CLAIMS[record.grade]}`,
    subtitle: [config.symbols.map(shortSymbol).join(', '), `${config.timeframe} bars, ${period}`, KINDS[run.kind], run.runId].join(' · '),
    verdict: record.sentence,
    tiles: tilesOf(record),
    synthetic: run.synthetic,
    sections: [
      ...evidenceSections(record),
      triedSection(record),
      ...evidenceDetailSections(record),
      ...closingSections({
        assumptions: [
          {
            topic: 'Judged returns',
            text: `after all costs, ${run.outOfSample ? 'on days that chose no parameter' : 'on the very days that were there when parameters were chosen'}`,
            source: 'docs/evidence.md',
          },
          {
            topic: 'Trials',
            text: 'as the ledger of this workspace has them; what was tried elsewhere is not known',
            source: 'docs/evidence.md',
          },
        ],
        findings,
        inputs: manifest.inputs,
        fingerprint: run.fingerprint,
        command,
        facts: [
          { term: 'Run', text: `${run.runId}: ${reproduce}` },
          { term: 'Strategy', text: `${run.strategy} (${run.code})` },
          { term: 'Platform', text: manifest.platform },
          { term: 'Seed', text: String(config.seed) },
        ],
      }),
    ],
  };
};

/** The page of evidence as one self-contained HTML file. */
export const evidencePage = (input: EvidencePageInput): string => renderReport(evidenceDocument(input));
