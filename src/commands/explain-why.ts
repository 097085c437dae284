import { usageError } from '../errors.js';
import { showStateAt } from './state-at.js';
import { explainInSession } from './explain-session.js';
import { explainInRun, runWithFacts } from './explain-order.js';
import type { WhyArguments } from './why.js';
import { workspaceAt } from './workspace.js';

/** Answer `quantai why`: the causes of a fill or an order, or the state after a fact. Throws a usage error for a question that is none. */
export const explainWhy = async (args: WhyArguments): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const { subject, at, account } = args;
  if ((subject === undefined) === (at === undefined))
    throw usageError(
      'nothing-asked',
      subject === undefined ? 'Why what?' : 'An order or a fill is one question, the state after a fact (--at) another.',
      'Name an order (o12), a fill (o12#1) or a fact (345); or ask for the state after a fact with --at 345.',
    );
  if (account !== undefined) {
    if (at !== undefined) return showStateAt({ json: args.json, at }, workspace, { account });
    return explainInSession({ ...args, account, subject: subject ?? '' }, workspace);
  }
  const run = await runWithFacts(workspace, args.run);
  return at === undefined
    ? explainInRun({ ...args, subject: subject ?? '' }, workspace, run)
    : showStateAt({ json: args.json, at }, workspace, { run });
};
