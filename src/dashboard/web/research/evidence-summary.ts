import { listOf, numberOf, recordOf, textOf } from './unknown-json.js';

/** What a page says of `evidence.json`: the verdict, its reasons, and the figures behind it. */
export interface EvidenceSummary {
  readonly grade: string;
  readonly sentence: string;
  readonly reasons: readonly { readonly says: 'for' | 'against' | 'neither'; readonly sentence: string }[];
  readonly figures: readonly { readonly label: string; readonly value: number | null; readonly reason: string | null }[];
  readonly interval: { readonly low: number; readonly high: number; readonly level: number } | null;
  readonly checks: readonly { readonly title: string; readonly verdict: string; readonly sentence: string }[];
  readonly untested: readonly { readonly what: string; readonly why: string }[];
}

const SAYS = ['for', 'against', 'neither'] as const;

/** The larger of the searched history's and the folds' probability of overfitting: the one that decides the verdict. */
const decidingPbo = (search: unknown, folds: unknown): unknown => {
  const known = [recordOf(search), recordOf(folds)].filter(({ value }) => numberOf(value) !== null);
  return known.sort((a, b) => Number(b.value) - Number(a.value))[0] ?? search ?? folds;
};

/** Reads an evidence record of any version that has a grade; null for anything else. */
export const evidenceSummary = (document: unknown): EvidenceSummary | null => {
  const all = recordOf(document);
  if (textOf(all.grade) === '') return null;
  const sharpe = recordOf(all.sharpe);
  const search = recordOf(all.search);
  const estimate = (label: string, value: unknown) => {
    const known = recordOf(value);
    return { label, value: numberOf(known.value), reason: textOf(known.reason) || null };
  };
  const tried = recordOf(all.tried);
  const low = numberOf(sharpe.low);
  const high = numberOf(sharpe.high);
  return {
    grade: textOf(all.grade),
    sentence: textOf(all.sentence),
    reasons: listOf(all.reasons).map(each => {
      const { says, sentence } = recordOf(each);
      return { says: SAYS.find(word => word === says) ?? 'neither', sentence: textOf(sentence) };
    }),
    figures: [
      { label: 'Configurations tried', value: numberOf(tried.total), reason: null },
      estimate('Independent ones among them', tried.effective),
      estimate('Sharpe', sharpe.annual),
      estimate('Sharpe, less luck', sharpe.corrected),
      estimate('Probabilistic Sharpe', sharpe.psr),
      estimate('Deflated Sharpe', sharpe.dsr),
      estimate('Probability of overfitting', decidingPbo(search.pbo, all.foldPbo)),
      estimate('Reality check, p', search.realityCheck),
      estimate('SPA, p', search.spa),
    ].filter(({ value, reason }) => value !== null || reason !== null),
    interval: low === null || high === null ? null : { low, high, level: numberOf(sharpe.level) ?? 0.95 },
    checks: listOf(all.checks).map(each => {
      const { title, verdict, sentence } = recordOf(each);
      return { title: textOf(title), verdict: textOf(verdict), sentence: textOf(sentence) };
    }),
    untested: listOf(all.untested).map(each => ({ what: textOf(recordOf(each).what), why: textOf(recordOf(each).why) })),
  };
};
