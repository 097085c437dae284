import type { CheckResult } from '../experiments/checks/check.js';
import type { LeakResult } from '../experiments/checks/leak-check.js';
import { count } from './number-text.js';
import { renderReport } from './render.js';
import { checksSection } from './sections/checks.js';
import { leakSection } from './sections/leaks.js';
import type { ReportDocument, Tile } from './document.js';

/** What the page of `verify causality` is made from. */
export interface CausalityReportInput {
  readonly title: string;
  /** What was checked, on what, over which time. */
  readonly subtitle: string;
  readonly leaks: readonly LeakResult[];
  /** Of the other families; empty unless they were made. */
  readonly others: readonly CheckResult[];
  /** The command that gives this page again. */
  readonly command: string;
  readonly synthetic: boolean;
}

const tally = (results: readonly CheckResult[], label: string, detail: string): Tile => {
  const of = (verdict: CheckResult['verdict']): number => results.filter(result => result.verdict === verdict).length;
  const [failed, looked] = [of('fail'), of('warn')];
  return {
    label,
    value:
      failed > 0 ? `${count(failed)} of ${count(results.length)} failed` : looked > 0 ? `${count(looked)} to look at` : 'Nothing found',
    detail: of('untested') > 0 ? `${detail}; ${count(of('untested'))} not tested` : detail,
    ...(failed > 0 && { tone: 'alarm' as const }),
  };
};

const verdictOf = (leaks: readonly LeakResult[]): string => {
  const failed = leaks.filter(({ verdict }) => verdict === 'fail');
  if (failed.length > 0) return `Do not believe this strategy’s results: ${failed[0]!.sentence}`;
  const untested = leaks.filter(({ verdict }) => verdict === 'untested').length;
  const made = leaks.length - untested;
  return `No leak was found by ${count(made)} ${made === 1 ? 'check' : 'checks'}${untested > 0 ? `; ${count(untested)} could not be made` : ''}. That it knows nothing of its future does not say that it earns anything.`;
};

/** The page of `verify causality` as a document. */
export const causalityDocument = ({ title, subtitle, leaks, others, command, synthetic }: CausalityReportInput): ReportDocument => ({
  title,
  subtitle,
  verdict: verdictOf(leaks),
  tiles: [
    tally(leaks, 'Leaks', 'Does it see what it cannot know?'),
    ...(others.length === 0
      ? []
      : [
          tally(
            others.filter(({ family }) => family === 'fragility'),
            'Fragility',
            'Does it need everything to be just so?',
          ),
          tally(
            others.filter(({ family }) => family === 'chance'),
            'Chance',
            'Could luck have done it?',
          ),
        ]),
  ],
  synthetic,
  sections: [
    leakSection(leaks),
    ...(others.length === 0 ? [] : [checksSection(others)]),
    { id: 'again', title: 'Do it again', blocks: [{ kind: 'code', label: 'This page', text: command }] },
  ],
});

/** The page of `verify causality` as one self-contained HTML file. */
export const causalityReport = (input: CausalityReportInput): string => renderReport(causalityDocument(input));
