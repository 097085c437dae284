import type { Estimate } from '../../experiments/estimate.js';
import { logitHistogram } from '../charts/logit-histogram.js';
import { sharpeDistribution, type SharpeLine } from '../charts/sharpe-distribution.js';
import { count, decimal, NONE, percent } from '../number-text.js';
import { binRows } from '../rows/evidence-rows.js';
import type { ReportedSweep } from '../swept.js';
import type { Section } from '../document.js';

const said = ({ value, reason }: Estimate, text: (value: number) => string): string =>
  value === null ? `Not defined: ${reason ?? 'not enough samples'}` : text(value);

/** A small p-value in words. */
export const probability = (value: number): string => (value < 0.001 ? 'under 0.001' : decimal(value, 3));

/** How much of the best is luck: of so many tries some look good whatever they are worth. */
export const luckSection = (sweep: ReportedSweep, period: string): Section => {
  const { configurations, evidence, lucky, peak, plateau, periodsPerYear, trials } = sweep;
  const annual = Math.sqrt(periodsPerYear);
  const sharpeOf = (index: number): number => (configurations[index]!.sharpe ?? NaN) * annual;
  const sharpes = configurations.flatMap(({ sharpe }) => (sharpe === null ? [] : [sharpe * annual]));
  const isSame = peak !== null && plateau?.index === peak.index;
  const lines: SharpeLine[] = [
    ...(peak ? [{ at: sharpeOf(peak.index), label: isSame ? 'peak and plateau' : 'peak', kind: 'pick' as const }] : []),
    ...(plateau && !isSame ? [{ at: sharpeOf(plateau.index), label: 'plateau', kind: 'pick' as const }] : []),
    ...(lucky.value === null ? [] : [{ at: lucky.value, label: `luck of ${count(trials.total)} trials`, kind: 'luck' as const }]),
  ].filter(({ at }) => Number.isFinite(at));
  const { surviving, haircut } = evidence;
  const rows: readonly (readonly [string, string, string])[] = [
    [
      'Trials, N',
      count(trials.total),
      `Different configurations of this strategy on record, ${count(trials.run)} of them in this sweep${
        trials.effective === null ? '' : `; about ${count(Math.max(1, trials.effective))} independent ones`
      }${trials.unsettled > 0 ? `; ${count(trials.unsettled)} were interrupted and count too` : ''}.`,
    ],
    [
      'Luck',
      said(lucky, decimal),
      'Annual Sharpe ratio that the best of N worthless trials would show, their Sharpe ratios spreading as these do (Bailey & López de Prado 2014).',
    ],
    [
      'Deflated Sharpe of the peak',
      peak ? said(peak.dsr, probability) : NONE,
      'Probability that its true Sharpe ratio is above 0 after N trials.',
    ],
    [
      'Deflated Sharpe of the plateau',
      plateau ? said(plateau.dsr, probability) : NONE,
      'The same for the configuration recommended. It was chosen by the past too.',
    ],
    [
      'Probability of overfitting',
      said(evidence.pbo, value => decimal(value, 3)),
      'How often the best of one half of the time was below the median in the other half. One half is what choosing blindly gives (Bailey et al. 2017).',
    ],
    [
      'Reality check, p',
      said(evidence.realityCheck, probability),
      'Probability of a best mean return this high if none had an edge (White 2000).',
    ],
    ['SPA, p', said(evidence.spa, probability), 'The same, less disturbed by hopeless configurations (Hansen 2005).'],
    [
      'Left standing',
      surviving === null ? NONE : `${count(surviving.stepwise)} / ${count(surviving.falseDiscovery)} / ${count(surviving.anyDependence)}`,
      `Configurations significant at ${percent(evidence.alpha, 0)} by Romano & Wolf’s stepwise test, Benjamini & Hochberg, Benjamini & Yekutieli, out of ${count(evidence.configurations)}.`,
    ],
    [
      'Sharpe after haircut',
      `${said(haircut.holm, decimal)} / ${said(haircut.falseDiscovery, decimal)}`,
      'Of the best, annual, for N trials (Harvey & Liu 2015): Holm / Benjamini, Hochberg & Yekutieli.',
    ],
    [
      'Independent configurations',
      said(evidence.effective, value => count(value)),
      'How many different ones those of this sweep amount to: neighbours trade alike.',
    ],
  ];
  return {
    id: 'luck',
    title: 'How much of it is luck',
    lead: 'The more is tried, the better the best looks, whether or not anything is there. These figures allow for the number of tries; none of them replaces days that chose nothing.',
    blocks: [
      {
        kind: 'chart',
        id: 'sharpes',
        half: true,
        spec: sharpeDistribution(binRows(sharpes, { bins: 40, edge: 0, below: 'below 0', above: 'above 0' }), lines, {
          title: 'All configurations, and the luck of the best',
          subtitle: `Annual Sharpe ratios of ${count(sharpes.length)} configurations, in sample · ${period}`,
        }),
      },
      {
        kind: 'chart',
        id: 'logits',
        half: true,
        spec: logitHistogram(
          binRows(evidence.logits, { bins: 24, edge: 0, below: 'below the median', above: 'above the median' }),
          {
            title: 'The best of one half of the time, in the other half',
            subtitle: `${count(evidence.logits.length)} splits; below 0, overfitted: ${evidence.pbo.value === null ? NONE : decimal(evidence.pbo.value, 3)}`,
          },
          evidence.pbo.reason ?? 'not enough samples',
        ),
      },
      {
        kind: 'table',
        id: 'luck-table',
        caption: 'What is left after allowing for the search',
        quiet: true,
        columns: [
          { title: 'Figure', kind: 'text' },
          { title: 'Value', kind: 'text' },
          { title: 'What it says', kind: 'text', wide: true },
        ],
        rows,
        empty: '',
      },
      {
        kind: 'text',
        paragraphs: [
          `The tests looked at the returns of ${count(evidence.configurations)} configurations over ${evidence.over}.`,
          ...sweep.bounds,
        ],
      },
    ],
  };
};
