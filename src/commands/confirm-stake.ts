import { UserError } from '../errors.js';
import { parseMaxLoss } from '../live/watchdog/max-loss.js';
import { settlementAsset } from '../market/instrument.js';
import { worstCaseLoss } from '../promotion/worst-case-loss.js';
import { isAgreed, stakeSentence, type Stake } from './session-confirmation.js';
import type { LiveArguments } from './session-options.js';
import type { SessionPlan } from './session-setup.js';
import type { StartPermit } from './start-gate.js';
import { typedSentence } from './typed-sentence.js';

/** What the session of a real venue puts at stake, by the limits that are declared for it. */
export const stakeOf = (args: LiveArguments, account: string, venue: string, plan: SessionPlan, permit: StartPermit): Stake => {
  const { strategies, config, instruments } = plan;
  const size = strategies.reduce((sum, each) => {
    const promoted = permit.promoted.find(({ strategy }) => strategy === each.name);
    return sum + (promoted === undefined || each.isBudgetSaid ? each.budget : promoted.capital);
  }, 0);
  // A share is of the whole account's equity: it bounds no part of it.
  const max = args['max-loss'] === undefined ? null : parseMaxLoss(args['max-loss']);
  const { loss } = worstCaseLoss({
    size,
    limits: config.risk,
    leverage: config.leverage,
    symbols: instruments.length,
    stopDistance: args['catastrophe-stop'],
    maxLoss: max?.kind === 'amount' ? max.value : undefined,
  });
  const currency = settlementAsset(instruments[0]?.symbol ?? '');
  return { strategies: strategies.map(({ name }) => name), account, venue, size, worstCaseLoss: loss, currency };
};

/** On a real venue a person types a sentence that names what is at stake; nothing else opens it. */
export const confirmReal = async (args: LiveArguments, stake: Stake): Promise<void> => {
  const wanted = stakeSentence(stake);
  const ask = `This session sends orders to ${stake.venue} and risks the money of account ${stake.account}.`;
  const typed = await typedSentence(args.confirm, wanted, ask);
  if (!isAgreed(typed, stake))
    throw new UserError('not-confirmed', `${ask} That was another sentence: nothing was started.`, 4, `It is: ${wanted}`);
};
