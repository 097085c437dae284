import { usageError } from '../../errors.js';
import type { AccountHandlers } from '../api/endpoints.js';
import type { Platform } from '../platform.js';
import type { AccountDesk } from './account-desk.js';
import type { AccountFollower } from './account-follower.js';
import { accountLine, heldIn, orderView } from './account-view.js';
import { commandAccount, mayCommand, type AuditAppend } from './command-account.js';
import { thinned } from './equity-points.js';
import { forecastViews } from './forecast-views.js';
import { factView, findFacts, readFacts } from './fact-lines.js';
import { marketView } from './market-view.js';
import { newestPage } from './newest-page.js';
import { sessionLogLines } from './session-log-lines.js';

/** A figure of the session that a page asks for itself is not older than this, ms. */
const FRESH_MS = 200;

export interface AccountHandlerOptions {
  readonly platform: Pick<Platform, 'ask' | 'tell'>;
  readonly desk: AccountDesk;
  /** Writes into the workspace's audit log. */
  readonly audit: AuditAppend;
}

/** A fact of an account as `quantai why` names it; a strategy that is not of the account would be another word of the command line. */
const placeOf = ({ record }: AccountFollower, strategy: string, seq: number): string => {
  if (strategy === '' || strategy === 'account') return `account:${seq}`;
  if (!record.positions.strategies().includes(strategy))
    throw usageError('unknown-strategy', `The account has no strategy "${strategy}".`, 'Name one that it shows.');
  return `${strategy}:${seq}`;
};

/** What the endpoints of accounts do. */
export const accountHandlers = ({ platform, desk, audit }: AccountHandlerOptions): AccountHandlers => {
  const explained = async (words: readonly string[], by: string) => {
    const [document, text] = await Promise.all([platform.ask(words, by), platform.tell(words, by)]);
    return { text, document };
  };
  return {
    'accounts.list': async () => {
      const sessions = await desk.sessions();
      const views = await Promise.all(sessions.map(({ account }) => desk.view(account, FRESH_MS)));
      return { accounts: views.map(accountLine) };
    },
    'accounts.show': ({ params }) => desk.view(params.account, FRESH_MS),
    'accounts.command': async ({ caller, params, body }) => {
      mayCommand(caller, body.command);
      return commandAccount(await desk.named(params.account), body, caller.name, audit);
    },
    'accounts.equity': async ({ params, query }) => {
      await desk.named(params.account);
      const { from = -Infinity, to = Infinity, points } = query;
      const all = (await desk.equity(params.account)).filter(({ ts }) => ts >= from && ts < to);
      const shown = thinned(all, points);
      return {
        ts: shown.map(({ ts }) => ts),
        equity: shown.map(({ equity }) => equity),
        exposure: shown.map(({ exposure }) => exposure),
      };
    },
    'accounts.orders': async ({ params, query }) => {
      const follower = await desk.follower(params.account);
      const { orders } = follower.record;
      const { rows, next } = newestPage(orders.ended, n => orders.endedAt(n), query);
      return { rows: rows.map(order => orderView(order, symbol => heldIn(follower, symbol))), next };
    },
    'accounts.fills': async ({ params, query }) => {
      const { fills } = (await desk.follower(params.account)).record;
      return newestPage(fills.length, n => fills[n], query);
    },
    'accounts.decisions': async ({ params, query }) => {
      const { decisions } = (await desk.follower(params.account)).record;
      const { kind, strategy } = query;
      return newestPage(
        decisions.length,
        n => decisions[n],
        query,
        each => {
          return (kind === undefined || each.kind === kind) && (strategy === undefined || each.strategy === strategy);
        },
      );
    },
    'accounts.forecasts': async ({ params }) => ({ strategies: forecastViews((await desk.follower(params.account)).record) }),
    'accounts.limits': async ({ params }) => {
      const { limits } = await desk.view(params.account, FRESH_MS);
      const { changes } = (await desk.follower(params.account)).record;
      return {
        limits,
        history: changes.toReversed().map(({ seq, ts, path, before, after, by, reason }) => ({
          seq,
          at: ts,
          path: path.replace(/^risk\./, ''),
          before,
          after,
          by,
          reason,
        })),
      };
    },
    'accounts.setLimits': async ({ caller, params, body }) => {
      const { venue } = await desk.named(params.account);
      const pairs = Object.entries(body.limits);
      if (pairs.length === 0) throw usageError('nothing-set', 'No limit is named.', 'Name at least one.');
      const odd = pairs.find(([name]) => !/^[A-Za-z]+$/.test(name));
      if (odd !== undefined) throw usageError('unknown-limit', `There is no limit "${odd[0]}".`, 'Name one that the account shows.');
      const words = pairs.flatMap(([name, value]) => ['--set', `${name}=${value === null ? 'off' : String(value)}`]);
      const reason = body.reason.trim();
      await platform.ask(
        ['limits', '--account', params.account, '--venue', venue, ...words, ...(reason === '' ? [] : [`--reason=${reason}`])],
        caller.name,
      );
      return { limits: (await desk.view(params.account, 0)).limits };
    },
    'accounts.market': async ({ params, query }) => {
      const follower = await desk.follower(params.account);
      await follower.capture.refresh();
      return marketView(follower, query.symbol ?? null, query.bars);
    },
    'accounts.facts': async ({ params, query }) => {
      const follower = await desk.follower(params.account);
      const { index, journal, unitsOf } = follower;
      const { positions, total } = await findFacts(journal, index, query);
      const ascending = [...positions].sort((a, b) => a - b);
      const read = await readFacts(journal, index, ascending);
      const lines = new Map(ascending.map((position, i) => [position, factView(read[i]!, position, unitsOf)]));
      return { facts: positions.map(position => lines.get(position)!), total, types: [...index.types] };
    },
    'accounts.why': async ({ caller, params, query }) => {
      const place = placeOf(await desk.follower(params.account), query.strategy ?? '', params.seq);
      return explained(['why', place, '--account', params.account], caller.name);
    },
    'accounts.stateAt': async ({ caller, params, query }) => {
      const place = placeOf(await desk.follower(params.account), query.strategy ?? '', params.seq);
      return explained(['why', '--at', place, '--account', params.account], caller.name);
    },
    'accounts.log': async ({ params, query }) => {
      const { folder } = await desk.follower(params.account);
      return { lines: [...(await sessionLogLines(folder, query))] };
    },
  };
};
