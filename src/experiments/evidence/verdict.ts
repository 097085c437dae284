import type { CheckResult } from '../checks/check.js';
import type { Estimate } from '../estimate.js';
import type { SearchEvidence } from '../search-evidence.js';
import type { EvidenceGrade, EvidenceReason } from './evidence-record.js';
import { counted, figure, share } from './figure-text.js';
import type { EvidenceThresholds } from './thresholds.js';

/** What a verdict is made from. */
export interface VerdictInput {
  readonly synthetic: boolean;
  /** Errors found in the data and not repaired, e.g. `redenomination in BNX/USDT`. */
  readonly dataErrors: readonly string[];
  readonly outOfSample: boolean;
  /** Of the judged returns, after all costs. */
  readonly netReturn: number | null;
  readonly trades: number;
  readonly returns: number;
  readonly psr: Estimate;
  /** By all trials: the cautious one. */
  readonly dsr: Estimate;
  /** By the effective number of trials: told, never decisive. */
  readonly dsrEffective: Estimate;
  readonly trials: number;
  readonly effectiveTrials: Estimate;
  readonly search: SearchEvidence | null;
  /** Median over the folds, when there are folds. */
  readonly foldPbo: Estimate | null;
  readonly checks: readonly CheckResult[];
  readonly thresholds: EvidenceThresholds;
}

/** What to believe, in a word, a sentence and the considerations behind it. */
interface Verdict {
  readonly grade: EvidenceGrade;
  readonly sentence: string;
  /** The reason that decided, by itself. */
  readonly because: string;
  readonly reasons: readonly EvidenceReason[];
}

/** A consideration with what it does to the grade. */
interface Consideration extends EvidenceReason {
  /** The best grade that it leaves possible. */
  readonly atMost?: EvidenceGrade;
  /** Lowers what is left by one step, not below weak. */
  readonly lowers?: boolean;
}

const ASCENDING = ['weak', 'suggestive', 'strong'] as const;
type Positive = (typeof ASCENDING)[number];

const isPositive = (grade: EvidenceGrade): grade is Positive => ASCENDING.some(each => each === grade);
const least = (grades: readonly Positive[]): Positive => ASCENDING[Math.min(...grades.map(grade => ASCENDING.indexOf(grade)), 2)]!;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

const leakOf = (checks: readonly CheckResult[]): CheckResult | undefined =>
  checks.find(({ family, verdict }) => family === 'leak' && verdict === 'fail');

const lossOf = ({ netReturn, outOfSample }: Pick<VerdictInput, 'netReturn' | 'outOfSample'>): Consideration | null =>
  netReturn === null || netReturn > 0
    ? null
    : {
        says: 'against',
        atMost: 'against',
        sentence: `It ${netReturn < 0 ? `lost ${share(-netReturn)}` : 'earned nothing'}${outOfSample ? ' out of sample' : ''}, after costs.`,
      };

/** What ends the matter before any probability is looked at. */
const decisive = ({
  synthetic,
  dataErrors,
  checks,
  netReturn,
  trades,
  returns,
  outOfSample,
  thresholds,
}: VerdictInput): Consideration | null => {
  if (dataErrors.length > 0) {
    const named = dataErrors.slice(0, 2).join(', ') + (dataErrors.length > 2 ? ` and ${dataErrors.length - 2} more` : '');
    return { says: 'against', atMost: 'none', sentence: `The data has errors (${named}): the result may be theirs.` };
  }
  if (synthetic) return { says: 'against', atMost: 'none', sentence: 'Synthetic data proves nothing about a market.' };
  const leak = leakOf(checks);
  if (leak !== undefined)
    return {
      says: 'against',
      atMost: 'against',
      sentence: `It fails a check for knowledge that it cannot have (${leak.title}): ${leak.sentence}`,
    };
  if (netReturn === null || trades < thresholds.trades || returns < thresholds.returns)
    return {
      says: 'against',
      atMost: 'insufficient',
      sentence: `${capital(counted(trades, 'trade'))} and ${counted(returns, 'return')}; ${thresholds.trades} and ${thresholds.returns} are the least to judge by.`,
    };
  return lossOf({ netReturn, outOfSample });
};

const deflated = ({ dsr, psr, trials, thresholds: { strong, suggestive } }: VerdictInput): Consideration => {
  const after = `after ${counted(trials, 'configuration')} tried`;
  if (dsr.value === null)
    return {
      says: 'against',
      atMost: 'weak',
      sentence: `${capital(counted(trials, 'configuration'))} tried cannot be allowed for (${dsr.reason ?? 'not computed'})${psr.value === null ? '' : `; PSR ${figure(psr.value)}`}.`,
    };
  if (dsr.value >= strong) return { says: 'for', sentence: `Deflated Sharpe ${figure(dsr.value)} ${after}; ${strong} is asked for.` };
  if (dsr.value >= suggestive)
    return { says: 'for', atMost: 'suggestive', sentence: `Deflated Sharpe ${figure(dsr.value)} ${after}; ${strong} would be strong.` };
  return { says: 'against', atMost: 'weak', sentence: `Deflated Sharpe ${figure(dsr.value)} ${after}: luck could explain it.` };
};

/** The probability of overfitting that decides: the larger of that of the searched history as one and the median of the folds. Null where neither is known. */
export const decidingPbo = ({
  search,
  foldPbo,
}: {
  readonly search: Pick<SearchEvidence, 'pbo'> | null;
  readonly foldPbo: Estimate | null;
}): number | null => {
  const values = [search?.pbo.value ?? null, foldPbo?.value ?? null].flatMap(value => (value === null ? [] : [value]));
  return values.length === 0 ? null : Math.max(...values);
};

const overfitted = (input: VerdictInput): Consideration[] => {
  const pbo = decidingPbo(input);
  if (pbo === null) return [];
  const { thresholds } = input;
  return pbo >= thresholds.pbo
    ? [{ says: 'against', atMost: 'weak', sentence: `Probability of overfitting ${figure(pbo)}: the search chose no better than a coin.` }]
    : [{ says: 'for', sentence: `Probability of overfitting ${figure(pbo)}, under ${thresholds.pbo}.` }];
};

const luckOfTheBest = ({ search, thresholds: { pValue } }: VerdictInput): Consideration[] => {
  if (search === null) return [];
  const { spa, realityCheck, configurations } = search;
  const considerations: Consideration[] = [];
  const decided = spa.value ?? realityCheck.value;
  const name = spa.value === null ? 'White’s reality check' : 'Hansen’s SPA';
  if (decided !== null)
    considerations.push(
      decided > pValue
        ? {
            says: 'against',
            atMost: 'weak',
            sentence: `${name}: p ${figure(decided, 3)}. The best of ${counted(configurations, 'configuration')} could be as good as it is without any edge.`,
          }
        : {
            // Of one configuration there is no best: where it came from is not in this search.
            says: configurations > 1 ? 'for' : 'neither',
            sentence: `${name}: p ${figure(decided, 3)} for the best of ${counted(configurations, 'configuration')}.`,
          },
    );
  // White's check loses power with every bad configuration beside the good one (Hansen 2005): it withholds the highest grade, and no more.
  if (spa.value !== null && spa.value <= pValue && realityCheck.value !== null && realityCheck.value > pValue)
    considerations.push({
      says: 'against',
      atMost: 'suggestive',
      sentence: `White’s reality check: p ${figure(realityCheck.value, 3)}, above ${pValue}.`,
    });
  return considerations;
};

/** Id of the check without which nobody has looked whether the future was known. */
const CAUSALITY = 'causality';

const leaks = (checks: readonly CheckResult[]): Consideration[] => {
  const made = checks.filter(({ family, verdict }) => family === 'leak' && verdict !== 'untested');
  const warned = made.filter(({ verdict }) => verdict === 'warn');
  return [
    ...(made.some(({ id }) => id === CAUSALITY)
      ? []
      : [{ says: 'against', atMost: 'suggestive', sentence: 'Whether it knows its future was not tested.' } as const]),
    ...warned.map(({ title, sentence }) => ({ says: 'neither', sentence: `${title}: ${sentence}` }) as const),
    ...(made.length > 0 && warned.length === 0
      ? [{ says: 'for', sentence: `${capital(counted(made.length, 'check'))} for knowledge that it cannot have found none.` } as const]
      : []),
  ];
};

const fragility = (checks: readonly CheckResult[]): Consideration[] => {
  const made = checks.filter(({ family, verdict }) => family !== 'leak' && verdict !== 'untested');
  const found = made.flatMap(({ title, verdict, sentence }): Consideration[] => {
    if (verdict === 'fail') return [{ says: 'against', lowers: true, sentence: `${title}: ${sentence}` }];
    return verdict === 'warn' ? [{ says: 'neither', sentence: `${title}: ${sentence}` }] : [];
  });
  const passed = made.filter(({ verdict }) => verdict === 'pass').length;
  return passed > 0
    ? [...found, { says: 'for', sentence: `It passed ${passed} of ${counted(made.length, 'check')} of fragility and chance.` }]
    : found;
};

const told = ({ effectiveTrials, dsrEffective, trials }: VerdictInput): Consideration[] =>
  effectiveTrials.value === null || dsrEffective.value === null || trials <= 1
    ? []
    : [
        {
          says: 'neither',
          sentence: `Alike trials counted together there were ${figure(effectiveTrials.value, 0)}, which would make the deflated Sharpe ${figure(dsrEffective.value)}.`,
        },
      ];

const GRADE_WORDS: Readonly<Record<EvidenceGrade, string>> = {
  none: 'This is no evidence',
  against: 'The evidence is against it',
  insufficient: 'There is too little to judge by',
  weak: 'The evidence is weak',
  suggestive: 'The evidence is suggestive, not strong',
  strong: 'The evidence is strong',
};

const bare = ({ says, sentence }: Consideration): EvidenceReason => ({ says, sentence });

/**
 * How far a result can be believed. Bad or synthetic data, a leak, too little to judge by and a loss each end the matter. Else the deflated Sharpe ratio by all trials of the ledger gives the
 * grade, and everything else can only lower it: overfitting and a best that luck explains to weak, a result that was chosen on the days it is judged by to weak, no check for
 * leaks to suggestive, each failed check of fragility by a step. Where thresholds lie and why: docs/decisions/0028-what-counts-as-evidence.md.
 */
export const verdictOf = (input: VerdictInput): Verdict => {
  const end = decisive(input);
  const profit: Consideration[] =
    end === null && input.netReturn !== null
      ? [
          {
            says: 'for',
            sentence: `It earned ${share(input.netReturn)}${input.outOfSample ? ' out of sample' : ''}, after costs, in ${counted(input.trades, 'trade')}.`,
          },
        ]
      : [];
  // Said also where something else ended the matter.
  const loss = lossOf(input);
  const lost: Consideration[] =
    end !== null && loss !== null && loss.sentence !== end.sentence ? [{ says: 'against', sentence: loss.sentence }] : [];
  const inSample: Consideration[] = input.outOfSample
    ? []
    : [{ says: 'against', atMost: 'weak', sentence: 'In-sample only: it was found on the very days that it is judged by.' }];
  const weighed: readonly Consideration[] = [
    ...(end === null ? [] : [end]),
    ...profit,
    ...lost,
    ...inSample,
    deflated(input),
    ...overfitted(input),
    ...luckOfTheBest(input),
    ...(leakOf(input.checks) ? [] : leaks(input.checks)),
    ...fragility(input.checks),
    ...told(input),
  ];
  const caps = weighed.flatMap(({ atMost }) => (atMost !== undefined && isPositive(atMost) ? [atMost] : []));
  const steps = weighed.filter(({ lowers }) => lowers === true).length;
  const capped = ASCENDING.indexOf(least(caps));
  const grade = end?.atMost ?? ASCENDING[Math.max(0, capped - steps)]!;
  const binding =
    end ??
    weighed.find(({ atMost }) => atMost === grade) ??
    weighed.find(({ lowers }) => lowers === true) ??
    weighed.find(({ atMost }) => atMost !== undefined) ??
    deflated(input);
  return { grade, sentence: `${GRADE_WORDS[grade]}. ${binding.sentence}`, because: binding.sentence, reasons: weighed.map(bare) };
};
