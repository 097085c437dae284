import { dateText, count, decimal, NONE, percent } from './number-text.js';
import { renderReport } from './render.js';
import { shortSymbol } from './currency.js';
import { byInformation, passing } from './feature-ranking.js';
import { explorationSection, informationSection } from './sections/feature-information.js';
import { redundancySection } from './sections/feature-redundancy.js';
import { featureStabilitySection } from './sections/feature-stability.js';
import type { ReportDocument, Section, Tile } from './document.js';
import type { FeatureStudy } from './feature-study.js';

/** PSI from which a column is said to have moved; custom. */
const MOVED = 0.25;

const tilesOf = (study: FeatureStudy): Tile[] => {
  const { columns, rows, labelled, warmingUp, classes, alike } = study;
  const [best] = byInformation(columns);
  const found = passing(columns).length;
  const moved = columns.filter(({ drift }) => (drift.psi ?? 0) > MOVED);
  const empty = columns.filter(({ missing }) => missing === 1).length;
  const lacking = columns.filter(({ missing }) => missing > 0).length;
  const share = (k: number): string => percent(classes[k] ?? NaN, 0);
  const { icT = null, ic = null, rho = null, familyChance = null } = best?.information ?? {};
  const judged = familyChance === null ? '' : `; by chance the best of all goes as far with probability ${decimal(familyChance, 2)}`;
  return [
    { label: 'Columns', value: count(columns.length), detail: `${lacking} with missing values, ${empty} of them empty` },
    { label: 'Rows', value: count(rows), detail: `${count(labelled)} with a known outcome; ${count(warmingUp)} left out while warming up` },
    {
      label: 'Beyond chance',
      value: `${found} of ${columns.length}`,
      detail: `At 5% for the best of all columns, by ${study.shifts} turned histories`,
    },
    icT === null
      ? { label: 'Largest ρ', value: rho === null ? NONE : decimal(rho, 3), detail: `${best?.name ?? 'no column'}${judged}` }
      : { label: 'Largest t of an IC', value: decimal(icT, 1), detail: `${best?.name ?? ''}, IC ${decimal(ic ?? NaN, 3)}${judged}` },
    { label: 'Moved', value: `${moved.length} of ${columns.length}`, detail: `PSI of the second half against the first above ${MOVED}` },
    { label: 'Alike', value: `${alike.length} ${alike.length === 1 ? 'pair' : 'pairs'}`, detail: 'Spearman’s |ρ| above 0.95' },
    { label: 'Classes', value: share(1), detail: `Flat; down ${share(0)}, up ${share(2)}` },
    {
      label: 'Evidence',
      value: study.dataset.synthetic ? 'None' : 'Exploration',
      detail: study.dataset.synthetic ? 'Synthetic data proves nothing about a market.' : 'All rows were looked at; nothing was held back.',
    },
  ];
};

const verdictOf = (study: FeatureStudy): string => {
  const found = passing(study.columns);
  const told =
    study.shifts === 0
      ? 'The window is too short to tell information from chance.'
      : found.length === 0
        ? 'No column goes with the forward return further than the best of all columns does by chance.'
        : `${count(found.length)} of ${count(study.columns.length)} columns go with the forward return further than the best of all columns does by chance.`;
  return `${told} This is exploration over all rows of the window: features chosen by it must be tested on data after it.`;
};

const aboutSection = (study: FeatureStudy, command: string): Section => ({
  id: 'reproduce',
  title: 'Reproduce',
  lead: 'The same command on the same data gives the same figures, on another machine too.',
  blocks: [
    { kind: 'code', label: 'Command', text: command },
    {
      kind: 'list',
      items: [
        { term: 'Features', text: `${study.featureSet}, not scaled here; models scale them by ${study.scaler}, fitted on training rows` },
        { term: 'Label', text: study.label },
        { term: 'Dataset', text: `${study.dataset.id}@${study.dataset.version.slice(0, 12)}` },
        { term: 'Symbols', text: study.symbols.join(', ') },
        {
          term: 'IC',
          text: 'Rows of all symbols are ranked together, and each month is taken about the centre of the whole window: about its own, features of past returns would look as if they foretold the opposite. The error is Newey and West’s over the months, or the plain one where that is larger.',
        },
        {
          term: 'Mutual information',
          text: 'Ten bins of equal count by three classes, corrected after Miller and Madow. Overlapping horizons leave some by chance, which stands beside it.',
        },
        {
          term: 'Chance',
          text: `Outcomes are turned by ${study.shifts} lengths, of all symbols alike, so that memory and overlap stay as they are.`,
        },
      ],
    },
  ],
});

/** The report of a feature set over a window of data as a document, before it is a page. `command` gives the study again. */
export const featureDocument = (study: FeatureStudy, command: string): ReportDocument => {
  const { featureSet, dataset, symbols, timeframe, from, to, horizon } = study;
  const period = `${timeframe} bars, ${dateText(from)} to ${dateText(to)}`;
  return {
    title: `${featureSet} on ${dataset.id}`,
    subtitle: [symbols.map(shortSymbol).join(', '), period, `label ${horizon} bars ahead`].join(' · '),
    verdict: verdictOf(study),
    tiles: tilesOf(study),
    synthetic: dataset.synthetic,
    sections: [
      explorationSection(study, period),
      informationSection(study, period),
      redundancySection(study, period),
      featureStabilitySection(study, period),
      aboutSection(study, command),
    ],
  };
};

/** The report of a feature set as one self-contained HTML file: what columns tell, which say the same, and whether they stay. */
export const featureReport = (study: FeatureStudy, command: string): string => renderReport(featureDocument(study, command));
