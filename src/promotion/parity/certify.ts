import type { Fact } from '../../events/fact.js';
import type { Instrument } from '../../market/instrument.js';
import { toMoney, type Lots } from '../../market/units.js';
import { apartSince } from './apart-since.js';
import { attributeGap } from './attribute-gap.js';
import { causeIndex, moneyByCause, noAmounts } from './cause-amounts.js';
import type { DecisionDifference, ParityCertificate, ParityPair } from './certificate.js';
import { decisionsOf } from './decisions.js';
import { downtimes } from './downtimes.js';
import { filledGroups, unitsBySymbol, type FilledGroup, type MarketPrice } from './filled-groups.js';
import { pairDecisions, type DecisionPair } from './pair-decisions.js';
import { withLateOnes } from './late-decisions.js';
import { paritySentence } from './parity-sentence.js';
import { profitBetween, profitCurve, type ProfitSide } from './profit-curve.js';
import { refusals } from './refusals.js';
import { restrictedAt } from './restricted.js';
import { settlementPairs } from './settlement-pairs.js';

/** Everything that a certificate is made from. */
export interface ParityInput extends Pick<
  ParityCertificate,
  | 'account'
  | 'venue'
  | 'practice'
  | 'mode'
  | 'strategy'
  | 'bundle'
  | 'promotion'
  | 'manifest'
  | 'from'
  | 'to'
  | 'capture'
  | 'reference'
  | 'tolerance'
  | 'synthetic'
> {
  readonly instruments: readonly Instrument[];
  readonly barMs: number;
  /** The account's journal in its order, those of other strategies included, from the beginning of what is compared. */
  readonly journal: readonly Fact[];
  /** Facts of the backtest on what the session saw; on the reference where that is not known. */
  readonly replay: readonly Fact[];
  /** Facts of the backtest on the reference; null without one, or where `replay` is it already. */
  readonly recorded: readonly Fact[] | null;
  /** Lots held by all of them when the comparison begins, by symbol. */
  readonly opening: ReadonlyMap<string, Lots>;
  readonly close: MarketPrice;
  /** The market's own price as it was recorded, for a venue that is not simulated; null for a simulated account. */
  readonly market: MarketPrice | null;
  /** What the replay took for granted beside the rules of this page. */
  readonly assumed: readonly string[];
}

const fundingOf = (facts: readonly Fact[]): ProfitSide['funding'] =>
  facts.flatMap(fact => (fact.type === 'FundingSettled' ? [{ ts: fact.ts, amount: fact.amount }] : []));

/** Groups at the moment at which either of both first filled, so that a pair is in one window and not half in each of two. */
const paired = (groups: ReadonlyMap<string, FilledGroup>, others: ReadonlyMap<string, FilledGroup>): ReadonlyMap<string, FilledGroup> =>
  new Map([...groups].map(([key, group]) => [key, { ...group, at: Math.min(group.at, others.get(key)?.at ?? Infinity) }]));

const differenceOf = ({ ts, symbol, kind, session, backtest, why }: DecisionPair): DecisionDifference => ({
  ts,
  symbol,
  kind,
  session: session?.text ?? null,
  backtest: backtest?.text ?? null,
  why: why ?? '',
});

/**
 * Compares a recorded session with a backtest of the same strategy over the same time, and says of every unit of the gap in profit where it comes from. Pure: the same journal and the same replays give the same
 * certificate. How the gap is attributed: docs/parity.md.
 */
export const certifyParity = (input: ParityInput): ParityCertificate => {
  const { journal, replay, recorded, strategy, instruments, barMs, from, to, market, close, opening, tolerance } = input;
  const units = unitsBySymbol(instruments);
  const marks = { units, close };
  const own = journal.filter(fact => fact.strategy === strategy);
  const replayDecided = decisionsOf(replay, barMs);
  const decided = { session: withLateOnes(decisionsOf(own, barMs), replayDecided, barMs), replay: replayDecided };
  const isSimulated = market === null;
  const session = filledGroups(own, decided.session, instruments, barMs, market);
  const backtest = filledGroups(replay, decided.replay, instruments, barMs, market);
  const decisions = pairDecisions(decided.replay, decided.session, {
    barMs,
    downs: downtimes(journal, strategy),
    session: refusals(own, decided.session, barMs),
    backtest: refusals(replay, decided.replay, barMs),
    apartSince: apartSince(session, backtest),
  });
  const settlements = settlementPairs(own, replay);
  const attributed = attributeGap({
    session,
    backtest,
    settlements,
    decisions,
    units,
    close,
    isRestricted: restrictedAt(journal, strategy),
    isSimulated,
    from,
    to,
  });
  const side = (groups: ReadonlyMap<string, FilledGroup>, funding: ProfitSide['funding']): ProfitSide => ({
    opening,
    groups: [...groups.values()],
    funding,
  });
  const ours = side(
    paired(session, backtest),
    settlements.map(each => ({ ts: each.ts, amount: each.session })),
  );
  const replayed = side(
    paired(backtest, session),
    settlements.map(each => ({ ts: each.ts, amount: each.backtest })),
  );
  const theirs =
    recorded === null
      ? replayed
      : side(filledGroups(recorded, decisionsOf(recorded, barMs), instruments, barMs, null), fundingOf(recorded));
  const profit = profitBetween(ours, marks, from, to);
  const compared = profitBetween(theirs, marks, from, to);
  const causes = noAmounts();
  for (const gap of [...attributed.pairs.map(pair => pair.gap), ...attributed.settlements.map(each => each.gap), attributed.carried])
    for (let c = 0; c < causes.length; c++) causes[c]! += gap[c]!;
  // What the session saw and what was recorded: all that lies between their backtests.
  causes[causeIndex('data')]! += profitBetween(replayed, marks, from, to) - compared;
  const isIn = ({ at }: FilledGroup): boolean => at >= from && at < to;
  const within = ours.groups.filter(isIn);
  const turnover = within.reduce((total, group) => total + group.notional, 0);
  const fillsOf = (groups: readonly FilledGroup[]): number => groups.reduce((total, group) => total + group.fills, 0);
  const judged = decisions.filter(({ ts }) => ts >= from && ts < to);
  const differing = judged.filter(({ why }) => why !== null);
  const unexplained = differing.filter(({ why }) => why === 'unexplained').length;
  const total = profit - compared;
  const carriedOver = attributed.carried.reduce((sum, amount) => sum + amount, 0);
  const made = {
    version: 1 as const,
    account: input.account,
    venue: input.venue,
    practice: input.practice,
    mode: input.mode,
    strategy,
    bundle: input.bundle,
    promotion: input.promotion,
    manifest: input.manifest,
    from,
    to,
    capture: input.capture,
    reference: input.reference,
    decisions: { all: judged.length, equal: judged.length - differing.length, explained: differing.length - unexplained, unexplained },
    fills: {
      session: fillsOf(within),
      backtest: fillsOf(replayed.groups.filter(isIn)),
      paired: attributed.pairs.filter(pair => pair.session !== null && pair.backtest !== null).length,
    },
    turnover: toMoney(turnover),
    profit: { session: toMoney(profit), backtest: toMoney(compared) },
    gap: { total: toMoney(total), bps: turnover === 0 ? null : ((total - carriedOver) / turnover) * 1e4 + 0, causes: moneyByCause(causes) },
    carried: moneyByCause(attributed.carried),
    pairs: attributed.pairs.map(({ session: a, backtest: b, gap }): ParityPair => {
      const one = (a ?? b) as FilledGroup;
      const u = units.get(one.symbol)!;
      const seen = (group: FilledGroup) => ({
        quantity: u.quantity(group.lots),
        price: u.inverse ? -u.quantity(group.lots) / toMoney(group.value) : toMoney(group.value) / u.quantity(group.lots),
        fee: toMoney(group.fee),
        at: group.at,
      });
      return {
        ts: one.ts,
        symbol: one.symbol,
        session: a === null ? null : { orderId: a.orderId, ...seen(a) },
        backtest: b === null ? null : seen(b),
        gap: moneyByCause(gap, -1),
      };
    }),
    settlements: attributed.settlements
      .filter(({ gap }) => gap.some(amount => amount !== 0))
      .map(({ pair, gap }) => ({
        ts: pair.ts,
        symbol: pair.symbol,
        session: toMoney(pair.session),
        backtest: toMoney(pair.backtest),
        gap: moneyByCause(gap),
      })),
    differences: differing.map(differenceOf),
    curve: profitCurve(ours, theirs, marks, { from, to, barMs }),
    synthetic: input.synthetic,
    assumed: [...input.assumed, ...assumptions(input)],
    tolerance,
  };
  return { ...made, ...paritySentence(made) };
};

/** What the attribution rests on, for the reader of the page. */
const assumptions = ({ market, capture, reference, recorded }: ParityInput): readonly string[] => [
  market === null
    ? 'The account is simulated: what a fill paid beyond the market’s price is its own record, and the market’s price at its arrival follows to the tick.'
    : 'The market’s price when an order arrived is the middle of the last quote that the session recorded, or the last trade. A fill that takes while no price was recorded in the last minute counts whole to the fill price.',
  capture === null
    ? 'The session recorded no market data, so what it saw is not known: a difference in data cannot be told and stands under unexplained.'
    : recorded === null
      ? 'No recorded history was named to compare with: what the session did not see is told only where it could not decide. Name one with --dataset.'
      : `The data’s part is the profit of the backtest on what the session saw, less that on ${reference?.dataset ?? 'the reference'}.`,
  'Positions of both are marked at the same closes at both ends of the window.',
];
