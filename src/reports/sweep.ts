import type { Finding } from '../datasets/series.js';
import { shortSymbol } from './currency.js';
import { evidenceTile, onData, type Evidence } from './evidence.js';
import { metricLabel, metricText } from './metric-text.js';
import { count, dateText, decimal, percent } from './number-text.js';
import { closingSections, runFacts } from './sections/closing.js';
import { choiceSection, searchedText, spaceSection } from './sections/sweep-choice.js';
import { luckSection, probability } from './sections/sweep-luck.js';
import { frontSection, rankingSection } from './sections/sweep-ranking.js';
import { recommended, scoreInOwnSign, type ReportedSweep } from './swept.js';
import { paramsText } from './tearsheet.js';
import { windowAssumptions, type SearchManifest } from './window-assumptions.js';
import type { ReportDocument, Tile } from './document.js';

/** What the report of a sweep is made from. */
export interface SweepReportInput {
  readonly title: string;
  readonly manifest: SearchManifest & {
    readonly fixed: Readonly<Record<string, string>>;
  };
  readonly sweep: ReportedSweep;
  /** The search in words. */
  readonly search: string;
  readonly findings: readonly Finding[];
  readonly fingerprint: string;
  /** The command that gives this sweep again. */
  readonly command: string;
  /** The command that walks this search forward. */
  readonly next: string;
  readonly synthetic: boolean;
}

/** However good it looks, the days that chose it are the days that judge it. */
const evidenceOf = ({ sweep: { trials }, synthetic }: SweepReportInput): Evidence =>
  synthetic
    ? { verdict: 'None', reason: 'Synthetic data proves nothing about a market.' }
    : { verdict: 'In-sample only', reason: `The best of ${count(trials.total)} trials on the days that chose it; walk it forward.` };

const annualSharpe = ({ configurations, periodsPerYear }: ReportedSweep, index: number): number =>
  (configurations[index]!.sharpe ?? NaN) * Math.sqrt(periodsPerYear);

const notDefined = (label: string, reason: string | null): Tile => ({
  label,
  value: 'Not defined',
  detail: `${(reason ?? 'not enough samples').replace(/^./, first => first.toUpperCase())}.`,
});

const tiles = (input: SweepReportInput): Tile[] => {
  const { sweep, findings } = input;
  const { peak, plateau, lucky, evidence, trials, configurations, objective, rungs } = sweep;
  const label = metricLabel(objective.metric);
  const profitable = configurations.filter(({ metrics }) => (metrics['totalReturn'] ?? 0) > 0).length;
  const shown = (index: number): string => metricText(objective.metric, configurations[index]!.metrics[objective.metric]);
  const choice = recommended(sweep);
  const [first] = rungs;
  return [
    {
      label: first && first.share < 1 ? 'Configurations in full' : 'Configurations tried',
      value: count(configurations.length),
      detail: `${first && first.share < 1 ? `After ${count(first.configurations)} on ${percent(first.share, 0)} of the time; ` : ''}${percent(configurations.length > 0 ? profitable / configurations.length : NaN, 0)} ended with a profit; ${count(trials.total)} trials of the strategy ever`,
    },
    peak === null
      ? notDefined(`Best ${label}, in sample`, 'no configuration was eligible')
      : { label: `Best ${label}, in sample`, value: shown(peak.index), detail: searchedText(sweep, peak.index) },
    plateau === null
      ? notDefined('Plateau’s centre, recommended', 'no configuration was eligible')
      : {
          label: 'Plateau’s centre, recommended',
          value: shown(plateau.index),
          detail: `${searchedText(sweep, plateau.index)}; three quarters of ${count(plateau.neighbours)} neighbours reach ${metricText(objective.metric, scoreInOwnSign(sweep, plateau.level))}`,
        },
    lucky.value === null
      ? notDefined('Sharpe by luck alone', lucky.reason)
      : {
          label: 'Sharpe by luck alone',
          value: decimal(lucky.value),
          detail: `What the best of ${count(trials.total)} worthless trials would show${peak ? `; the peak shows ${decimal(annualSharpe(sweep, peak.index))}` : ''}`,
        },
    choice === undefined || choice.dsr.value === null
      ? notDefined('Deflated Sharpe', choice?.dsr.reason ?? 'no configuration was eligible')
      : {
          label: 'Deflated Sharpe',
          value: decimal(choice.dsr.value),
          detail: `Of the ${plateau ? 'plateau’s centre' : 'peak'}${peak && plateau && peak.dsr.value !== null ? `; of the peak ${decimal(peak.dsr.value)}` : ''}; 0.95 is the usual bar, out of sample`,
        },
    evidence.pbo.value === null
      ? notDefined('Probability of overfitting', evidence.pbo.reason)
      : {
          label: 'Probability of overfitting',
          value: decimal(evidence.pbo.value),
          detail: 'How often the best of one half of the time was below the median in the other; blind choice gives 0.5',
          ...(evidence.pbo.value >= 0.5 && { tone: 'loss' as const }),
        },
    evidence.realityCheck.value === null
      ? notDefined('Reality check, p', evidence.realityCheck.reason)
      : {
          label: 'Reality check, p',
          value: probability(evidence.realityCheck.value),
          detail: `${evidence.spa.value === null ? '' : `SPA ${decimal(evidence.spa.value, 3)}; `}could the best be this good without any edge?`,
        },
    evidenceTile(onData(evidenceOf(input), findings)),
  ];
};

/** The first screen in a sentence: what was found, and that it proves nothing yet. */
export const sweepVerdict = (input: SweepReportInput): string => {
  const { sweep, synthetic } = input;
  const { peak, plateau, configurations, lucky, evidence, objective, trials } = sweep;
  if (peak === null)
    return `None of ${count(configurations.length)} configurations had ${metricLabel(objective.metric)} defined and at least ${count(objective.minimumTrades)} closed trades: there is nothing to choose among.`;
  const best = annualSharpe(sweep, peak.index);
  const luck =
    lucky.value === null || !Number.isFinite(best)
      ? ''
      : best > lucky.value
        ? ` Its Sharpe of ${decimal(best)} is above the ${decimal(lucky.value)} that the best of ${count(trials.total)} worthless trials would show`
        : ` Its Sharpe of ${decimal(best)} is no more than the ${decimal(lucky.value)} that the best of ${count(trials.total)} worthless trials would show`;
  const overfitted =
    evidence.pbo.value === null
      ? ''
      : `${luck === '' ? ' The' : ', and the'} probability that the search overfitted is ${decimal(evidence.pbo.value)}`;
  const recommendation =
    plateau === null || plateau.index === peak.index
      ? 'The peak lies in the middle of a plateau.'
      : `Go on with the plateau’s centre (${searchedText(sweep, plateau.index)}) rather than the peak.`;
  return `In sample: these days chose the configurations and judge them, so this shows where to look and proves no edge. The best of ${count(configurations.length)} is ${searchedText(sweep, peak.index)}.${luck}${overfitted}${luck === '' && overfitted === '' ? '' : '.'} ${recommendation} ${synthetic ? 'Synthetic data proves nothing about a market.' : 'Only a walk-forward can tell whether choosing this way would have paid.'}`;
};

/** The report of a sweep as a document, before it is a page. */
export const sweepDocument = (input: SweepReportInput): ReportDocument => {
  const { title, manifest, sweep, findings, synthetic } = input;
  const { config } = manifest;
  const period = `${config.timeframe} bars, ${dateText(sweep.window.from)} to ${dateText(sweep.window.to)}`;
  const label = metricLabel(sweep.objective.metric);
  return {
    title,
    subtitle: [
      manifest.strategy.name,
      config.symbols.map(shortSymbol).join(', '),
      period,
      `${count(sweep.configurations.length)} configurations by ${label}, all in sample`,
      paramsText(manifest.fixed),
    ]
      .filter(text => text !== '')
      .join(' · '),
    verdict: sweepVerdict(input),
    tiles: tiles(input),
    synthetic,
    sections: [
      choiceSection(sweep, period),
      luckSection(sweep, period),
      spaceSection(sweep, period),
      ...frontSection(sweep, period),
      rankingSection(sweep),
      {
        id: 'next',
        title: 'Next',
        lead: 'Walk the same search forward: it chooses on past windows, trades the next ones, and says whether choosing pays.',
        blocks: [{ kind: 'code', label: 'Command', text: input.next }],
      },
      ...closingSections({
        assumptions: [
          {
            topic: 'Sweep',
            text: 'every configuration trades the whole window from the same capital, by itself; what is open at the end is closed at the last close with costs; indicators are warmed up on the history before the window',
            source: 'docs/sweep.md',
          },
          {
            topic: 'Trials',
            text: 'N counts every different configuration of the strategy that any command ever evaluated in this workspace, interrupted ones included',
            source: 'the trial ledger',
          },
          ...windowAssumptions(manifest),
        ],
        findings,
        inputs: manifest.inputs,
        fingerprint: input.fingerprint,
        command: input.command,
        facts: runFacts(manifest, config.capital, [
          {
            term: 'Search',
            text: `${input.search}, by ${[sweep.objective.metric, ...(sweep.objective.also ?? [])].map(metricLabel).join(', ')}`,
          },
          { term: 'Fewest trades', text: count(sweep.objective.minimumTrades) },
        ]),
      }),
    ],
  };
};
