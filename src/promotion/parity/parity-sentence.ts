import { GAP_CAUSES, type GapCause, type ParityCertificate } from './certificate.js';

/** Names of causes, as people read them. */
export const CAUSE_NAME: Readonly<Record<GapCause, string>> = {
  data: 'data',
  rejected: 'rejected orders',
  latency: 'latency',
  fillPrice: 'fill price',
  fees: 'fees',
  funding: 'funding',
  unexplained: 'unexplained',
};

type Judged = Pick<ParityCertificate, 'gap' | 'carried' | 'decisions' | 'tolerance' | 'turnover' | 'fills' | 'profit' | 'reference'>;

const amount = (value: number): string => `${value < 0 ? '−' : ''}${Math.abs(value).toFixed(2)}`;

const largest = ({ gap }: Judged): readonly GapCause[] =>
  GAP_CAUSES.filter(cause => gap.causes[cause] !== 0)
    .sort((a, b) => Math.abs(gap.causes[b]) - Math.abs(gap.causes[a]))
    .slice(0, 2);

/** Nobody traded, and what the session saw would have changed nothing: what there is of a gap belongs to orders of windows before, and was judged there. */
const isQuiet = ({ fills, gap, carried }: Judged): boolean =>
  fills.session === 0 && fills.backtest === 0 && gap.causes.data === carried.data;

/** How large the gap is, in basis points of what was traded; the whole of it counts where only the backtest did. */
const isWide = (made: Judged): boolean => {
  const { gap, tolerance } = made;
  return gap.bps === null ? !isQuiet(made) && gap.total !== 0 : !(Math.abs(gap.bps) <= tolerance.bps);
};

/** The share of the window's own gap that nothing explains: of the sum of all causes without sign, or of the gap that is allowed where that is more. */
export const unexplainedShare = (made: Pick<Judged, 'gap' | 'carried' | 'tolerance' | 'turnover'>): number => {
  const { gap, carried, tolerance, turnover } = made;
  const own = (cause: GapCause): number => Math.abs(gap.causes[cause] - carried[cause]);
  const whole = GAP_CAUSES.reduce((sum, cause) => sum + own(cause), 0);
  const least = Math.max(whole, (tolerance.bps * turnover) / 1e4);
  return least === 0 ? 0 : own('unexplained') / least;
};

/**
 * The verdict: within tolerance is a session whose gap is at most so many basis points of what it traded, either way, whose decisions all agree or are explained, and of whose gap no more than the stated share is
 * unexplained. The share is of the sum of all causes without sign, so that causes which happen to cancel hide nothing, or of the gap that is allowed where that is
 * more: cents are no breach.
 */
export const paritySentence = (made: Judged): Pick<ParityCertificate, 'passed' | 'sentence'> => {
  const { gap, decisions, tolerance, fills } = made;
  const whole = GAP_CAUSES.reduce((sum, cause) => sum + Math.abs(gap.causes[cause]), 0);
  const share = unexplainedShare(made);
  const faults = [
    ...(isWide(made) ? [`more than the ${tolerance.bps} bp that are allowed`] : []),
    ...(!isQuiet(made) && !(share <= tolerance.unexplained) ? [`${(share * 100).toFixed(0)}% of the gap is unexplained`] : []),
    ...(decisions.unexplained > 0 ? [`${decisions.unexplained} of ${decisions.all} decisions differ and nothing explains it`] : []),
  ];
  const passed = faults.length === 0;
  if (gap.total === 0 && whole === 0 && passed)
    return {
      passed,
      sentence:
        decisions.all === 0 && fills.session === 0
          ? 'Nothing was decided and nothing was traded: there is no gap, and nothing was shown.'
          : `The session did to the unit what the backtest does: ${decisions.all} decisions, ${fills.session} fills, no gap.`,
    };
  const size = gap.bps === null ? '' : `, ${Math.abs(gap.bps).toFixed(2)} bp of what was traded`;
  const more = gap.total < 0 ? 'less' : 'more';
  const causes = largest(made).map(cause => `${CAUSE_NAME[cause]} ${amount(gap.causes[cause])}`);
  const mostly = causes.length === 0 ? '' : `, mostly ${causes.join(' and ')}`;
  const verdict = passed ? 'Within tolerance' : `Not within tolerance: ${faults.join('; ')}`;
  return {
    passed,
    sentence: `${verdict}. The session earned ${Math.abs(gap.total).toFixed(2)} ${more} than the backtest${size}${mostly}.`,
  };
};
