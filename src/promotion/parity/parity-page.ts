import { parityCauses } from '../../reports/charts/parity-causes.js';
import { parityPrices, type PriceGapRow } from '../../reports/charts/parity-prices.js';
import { parityProfit } from '../../reports/charts/parity-profit.js';
import { currencyOf, shortSymbol } from '../../reports/currency.js';
import type { Block, ReportDocument, Section, Tile } from '../../reports/document.js';
import { count, decimal, money, percent, quantity } from '../../reports/number-text.js';
import { renderReport } from '../../reports/render.js';
import { formatTime } from '../../time.js';
import { GAP_CAUSES, type GapCause, type ParityCertificate, type ParityPair } from './certificate.js';
import { CAUSE_NAME, unexplainedShare } from './parity-sentence.js';

/** So many fills are listed, and so many decisions. */
const LISTED = 200;

const named = (cause: GapCause): string => `${CAUSE_NAME[cause].charAt(0).toUpperCase()}${CAUSE_NAME[cause].slice(1)}`;

/** With a sign, so that nobody has to ask which way. */
const signed = (value: number): string => (value > 0 ? `+${money(value)}` : money(value));

const costOf = ({ gap }: ParityPair): number => GAP_CAUSES.reduce((sum, cause) => sum + gap[cause], 0);

/** What is seen of a pair at its fills: a difference in quantity lies in what came after. */
const seenCost = ({ gap, session, backtest }: ParityPair): number =>
  session !== null && backtest !== null ? gap.latency + gap.fillPrice + gap.fees : costOf({ gap, session, backtest } as ParityPair);

const priceRows = (made: ParityCertificate): PriceGapRow[] =>
  made.pairs.flatMap(({ symbol, session, backtest, gap }) =>
    session === null || backtest === null || session.quantity * backtest.quantity <= 0
      ? []
      : [
          {
            ts: session.at,
            symbol: shortSymbol(symbol),
            // Averages of the same fills may differ in the last digit.
            bps: Math.round(((session.price - backtest.price) / backtest.price) * Math.sign(session.quantity) * 1e10) / 1e6 + 0,
            session: session.price,
            backtest: backtest.price,
            cost: gap.latency + gap.fillPrice,
          },
        ],
  );

const tilesOf = (made: ParityCertificate, unit: string): Tile[] => {
  const { gap, tolerance, decisions, fills, profit, passed } = made;
  const share = unexplainedShare(made);
  return [
    {
      label: 'Parity',
      value: passed ? 'Within tolerance' : 'Not within tolerance',
      detail: `At most ${tolerance.bps} bp of the turnover, ${percent(tolerance.unexplained, 0)} of it unexplained`,
      ...(!passed && { tone: 'alarm' as const }),
    },
    {
      label: `Gap, ${unit}`,
      value: signed(gap.total),
      detail: gap.bps === null ? 'Nothing was traded' : `${decimal(gap.bps)} bp of ${money(made.turnover)} traded`,
    },
    { label: `Profit of the session, ${unit}`, value: signed(profit.session), detail: `The backtest made ${signed(profit.backtest)}` },
    { label: `Unexplained, ${unit}`, value: signed(gap.causes.unexplained), detail: `${percent(share)} of what is to be explained` },
    {
      label: 'Decisions alike',
      value: `${count(decisions.equal)} of ${count(decisions.all)}`,
      detail: `${count(decisions.explained)} differ for a known reason, ${count(decisions.unexplained)} for none`,
      ...(decisions.unexplained > 0 && { tone: 'alarm' as const }),
    },
    {
      label: 'Fills',
      value: count(fills.session),
      detail: `${count(fills.backtest)} in the backtest; ${count(fills.paired)} orders in both`,
    },
  ];
};

const worstFills = (made: ParityCertificate, unit: string): Block => ({
  kind: 'table',
  id: 'worst-fills',
  caption: 'Fills by what they cost more than in the backtest',
  columns: [
    { title: 'Decided (UTC)', kind: 'text' },
    { title: 'Symbol', kind: 'text' },
    { title: 'Quantity', kind: 'number' },
    { title: 'Backtest’s', kind: 'number' },
    { title: 'Price', kind: 'number' },
    { title: 'Backtest’s price', kind: 'number' },
    { title: 'Later, ms', kind: 'number' },
    { title: `Latency, ${unit}`, kind: 'number' },
    { title: `Price, ${unit}`, kind: 'number' },
    { title: `Fees, ${unit}`, kind: 'number' },
    { title: `Quantity and other, ${unit}`, kind: 'number' },
  ],
  rows: made.pairs
    .filter(pair => GAP_CAUSES.some(cause => pair.gap[cause] !== 0))
    .toSorted((a, b) => seenCost(b) - seenCost(a) || a.ts - b.ts)
    .slice(0, LISTED)
    .map(pair => {
      const { ts, symbol, session, backtest, gap } = pair;
      const rest = Math.round((costOf(pair) - gap.latency - gap.fillPrice - gap.fees) * 1e8) / 1e8 + 0;
      return [
        formatTime(ts),
        shortSymbol(symbol),
        session === null ? '–' : quantity(session.quantity),
        backtest === null ? '–' : quantity(backtest.quantity),
        session === null ? '–' : quantity(session.price),
        backtest === null ? '–' : quantity(backtest.price),
        session === null || backtest === null ? '–' : count(session.at - backtest.at),
        signed(gap.latency),
        signed(gap.fillPrice),
        signed(gap.fees),
        signed(rest),
      ];
    }),
  empty: 'No fill differs from its pair.',
});

const differing = (made: ParityCertificate): Block => ({
  kind: 'table',
  id: 'differences',
  caption: 'Decisions that differ',
  quiet: true,
  columns: [
    { title: 'Bar (UTC)', kind: 'text' },
    { title: 'Symbol', kind: 'text' },
    { title: 'Session', kind: 'text' },
    { title: 'Backtest', kind: 'text' },
    { title: 'Why', kind: 'text', wide: true },
  ],
  rows: made.differences
    .slice(0, LISTED)
    .map(({ ts, symbol, session, backtest, why }) => [formatTime(ts), shortSymbol(symbol), session ?? '–', backtest ?? '–', why]),
  empty: 'Both decided the same, at every bar.',
});

const settlementTable = (made: ParityCertificate, unit: string): Block[] =>
  made.settlements.length === 0
    ? []
    : [
        {
          kind: 'table',
          id: 'settlements',
          caption: 'Settlements of funding that differ',
          columns: [
            { title: 'Settled (UTC)', kind: 'text' },
            { title: 'Symbol', kind: 'text' },
            { title: `Session, ${unit}`, kind: 'number', signed: true },
            { title: `Backtest, ${unit}`, kind: 'number', signed: true },
          ],
          rows: made.settlements
            .slice(0, LISTED)
            .map(({ ts, symbol, session, backtest }) => [formatTime(ts), shortSymbol(symbol), signed(session), signed(backtest)]),
          empty: '',
        },
      ];

const sectionsOf = (made: ParityCertificate, unit: string): Section[] => {
  const period = `${formatTime(made.from)} to ${formatTime(made.to)} UTC`;
  const settlements = settlementTable(made, unit);
  return [
    {
      id: 'causes',
      title: 'Where the gap comes from',
      lead: 'Profit of the session less profit of the backtest. Left of nothing the session earned less.',
      blocks: [
        {
          kind: 'chart',
          id: 'causes',
          spec: parityCauses(
            GAP_CAUSES.map(cause => ({ cause: named(cause), amount: made.gap.causes[cause] })),
            { title: 'Gap by cause', subtitle: `${unit}, ${period}`, unit },
          ),
          note: 'A size follows from equity, so each cause has with it what smaller or larger orders made later because of it.',
        },
      ],
    },
    {
      id: 'profit',
      title: 'Both over time',
      blocks: [
        {
          kind: 'chart',
          id: 'profit',
          spec: parityProfit(made.curve, {
            title: 'Profit of session and backtest',
            subtitle: `${unit}, ${period}; after all costs, at closes`,
            unit,
          }),
        },
      ],
    },
    {
      id: 'fills',
      title: 'Fills',
      lead: 'What the same decision paid in both. Costs are positive where the session paid more.',
      blocks: [
        {
          kind: 'chart',
          id: 'prices',
          spec: parityPrices(priceRows(made), {
            title: 'Price paid more than in the backtest',
            subtitle: `bp of the price, ${period}`,
            unit,
          }),
        },
        worstFills(made, unit),
      ],
    },
    {
      id: 'decisions',
      title: 'Decisions that differ',
      lead: 'By bar, symbol and kind. What nothing in the journal explains is named so.',
      blocks: [differing(made)],
    },
    ...(settlements.length === 0 ? [] : [{ id: 'funding', title: 'Funding', blocks: settlements }]),
    {
      id: 'assumed',
      title: 'What was assumed',
      blocks: [
        { kind: 'text', paragraphs: [...made.assumed] },
        {
          kind: 'list',
          items: [
            {
              term: 'Market data',
              text: made.capture === null ? 'none recorded' : `${made.capture.dataset}@${made.capture.version.slice(0, 12)}`,
            },
            {
              term: 'Reference',
              text: made.reference === null ? 'none named' : `${made.reference.dataset}@${made.reference.version.slice(0, 12)}`,
            },
            { term: 'Code', text: made.bundle },
            { term: 'Manifest', text: made.manifest },
            { term: 'Promotion', text: made.promotion ?? 'none: a rehearsal, evidence for nothing' },
          ],
        },
      ],
    },
  ];
};

/** A certificate as a document, before it is a page. */
export const parityDocument = (made: ParityCertificate): ReportDocument => {
  const symbols = [...new Set(made.pairs.map(({ symbol }) => symbol))];
  const unit = symbols.length === 0 ? 'settlement asset' : currencyOf(symbols);
  return {
    title: `${made.strategy} on ${made.account}: parity${made.practice ? ' (PRACTICE)' : ''}`,
    subtitle: [
      `${made.mode === 'paper' ? 'Paper' : 'Live'} on ${made.venue}${made.practice ? ', PRACTICE exchange' : ''}`,
      `${formatTime(made.from)} to ${formatTime(made.to)} UTC`,
      symbols.map(shortSymbol).join(', '),
    ]
      .filter(text => text !== '')
      .join(' · '),
    verdict: made.sentence,
    tiles: tilesOf(made, unit),
    synthetic: made.synthetic,
    sections: sectionsOf(made, unit),
  };
};

/** A certificate as one self-contained HTML file. */
export const parityPage = (made: ParityCertificate): string => renderReport(parityDocument(made));
