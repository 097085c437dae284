import { usageError } from '../errors.js';
import type { Fact } from '../events/fact.js';
import { timeframe as checkedTimeframe, timeframeMs } from '../market/timeframe.js';
import { effectiveLimits, foldLimits, type LimitsInForce } from '../risk/limits-in-force.js';
import type { LimitValue } from '../risk/change-limits.js';
import { causesLines } from './causal-text.js';
import { isOfDatum } from './decision-steps.js';
import { chainTo, explainCauses, firstBar, type Causes, type ExplainedStream } from './explain-causes.js';
import { lifeLines } from './order-life-text.js';
import { orderLife, type LifeMoment } from './order-life.js';
import { orderVerdict } from './order-verdict.js';
import { recomputedBars } from './recomputed-bars.js';
import { recordedAccount } from './recorded-account.js';
import { present } from './terminal.js';
import { whySubject } from './why-subject.js';
import type { Workspace } from './workspace.js';

/** What `why --account --json` prints. */
interface SessionExplanation {
  readonly account: string;
  readonly stream: string;
  readonly orderId: string | null;
  readonly symbol: string | null;
  /** The fact whose causes are told, by its seq in the stream. */
  readonly fact: number;
  readonly causes: Causes;
  /** Why indicators are not shown, or null. */
  readonly indicators: string | null;
  readonly verdict: string | null;
  readonly life: readonly LifeMoment[];
}

const verdictOf = (life: readonly LifeMoment[]): string => {
  if (life.some(({ event }) => event === 'filled' || event === 'rejected')) return orderVerdict(life, null);
  const end = life.findLast(({ event }) => event === 'cancelled' || event === 'expired');
  return end === undefined ? 'It has not filled, and is still at work.' : `It did not fill. ${end.text}`;
};

const lines = ({ account, stream, orderId, symbol, fact, causes, indicators, verdict, life }: SessionExplanation): string =>
  [
    `${verdict === null ? `Fact ${stream}:${fact}` : `Order ${orderId}`}${symbol === null ? '' : ` of ${symbol}`} on account ${account}, by ${stream}`,
    ...(verdict === null ? [] : [verdict]),
    '',
    ...causesLines(causes, seq => `#${stream}:${seq}`),
    ...(indicators === null ? [] : [indicators]),
    ...(life.length > 0 ? ['', 'Its life, as the journal tells it:', ...lifeLines(life)] : []),
  ].join('\n');

/** Tell the causes and the life of an order, a fill or any fact of a paper or live account. Throws a usage error for what its journal does not have. */
export const explainInSession = async (
  args: { readonly json: boolean; readonly subject: string; readonly account: string; readonly dataset?: string | undefined },
  workspace: Workspace,
): Promise<void> => {
  const recorded = await recordedAccount(workspace, args.account);
  const { facts, instruments, manifest, hedge } = recorded;
  const orders = facts.flatMap(fact => (fact.type === 'OrderApproved' ? [fact.ticket.orderId] : []));
  const subject = whySubject(
    facts,
    args.subject,
    `account ${args.account}`,
    orders.length === 0 ? 'It has no order yet.' : `Its newest orders are ${orders.slice(-5).join(', ')}.`,
  );
  const own = facts.filter(({ strategy }) => strategy === subject.stream);
  const account = facts.filter(({ strategy }) => strategy === '');
  const { config } = manifest;
  const limitsAt = (at: Fact): Readonly<Record<string, LimitValue>> => {
    const known = account.reduce<LimitsInForce>((limits, fact) => (fact.knownAt <= at.knownAt ? foldLimits(limits, fact) : limits), {});
    const inForce = Object.entries(known);
    return inForce.length === 0 ? effectiveLimits(config.risk) : Object.fromEntries(inForce.map(([name, limit]) => [name, limit.inForce]));
  };
  const stream: ExplainedStream = {
    facts: own,
    instruments,
    capital: 0,
    hedge,
    timeframe: checkedTimeframe(config.timeframe),
    barDelayMs: config.delays.bars,
    account,
    limitsAt,
  };
  const datum = firstBar(chainTo(stream, subject.seq));
  const { dataset } = args;
  const seen =
    datum === null || dataset === undefined
      ? []
      : await recomputedBars(workspace, recorded, subject.stream, dataset, datum.openTime + timeframeMs(datum.timeframe), bar =>
          isOfDatum(bar, datum),
        );
  if (datum !== null && dataset !== undefined && seen.length === 0)
    throw usageError(
      'no-such-bar',
      `Dataset ${dataset} does not have the ${datum.timeframe} bar of ${datum.symbol} that the decision followed from.`,
      'Name data that covers it, or leave --dataset out.',
    );
  const causes = explainCauses(stream, subject.seq, seen, []);
  const { orderId, symbol } = subject;
  const instrument = instruments.find(each => each.symbol === symbol);
  const isAsked = orderId !== null && instrument !== undefined && orders.includes(orderId);
  const life = isAsked ? orderLife(own, [], { orderId, symbol: instrument.symbol }, instrument) : [];
  const explanation: SessionExplanation = {
    account: args.account,
    stream: subject.stream === '' ? 'account' : subject.stream,
    orderId,
    symbol,
    fact: subject.seq,
    causes,
    indicators:
      datum === null || seen.length > 0
        ? null
        : 'Indicators and the bar’s prices are in no journal: name data with --dataset to have them computed again.',
    verdict: isAsked ? verdictOf(life) : null,
    life,
  };
  present(args, explanation, lines);
};
