import { usageError } from '../errors.js';
import type { SessionStatus } from '../live/session/session-status.js';
import { askSession } from '../live/session/socket-lock.js';
import { formatTime } from '../time.js';
import { namedSessions } from './session-names.js';
import type { SessionNamed } from './status.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

const ANSWER_MS = 3_000;

const NUMBERS = ['Equity', 'Realised', 'Fees', 'Funding'].map(title => ({ title, align: 'right' }) as const);
const COLUMNS = [
  { title: 'Strategy' },
  { title: 'State' },
  ...NUMBERS,
  { title: 'Positions' },
  { title: 'Orders', align: 'right' } as const,
];

interface Looked {
  readonly account: string;
  readonly venue: string;
  readonly mode: string;
  readonly running: boolean;
  readonly status: SessionStatus | null;
}

const textOf = (looked: readonly Looked[]): string =>
  looked
    .map(({ account, venue, mode, status }) => {
      if (status === null) return `${account} (${mode} on ${venue}): no session runs, or it does not answer.`;
      const head = `${account} (${mode} on ${venue}${status.practice ? ', PRACTICE' : ''}): ${status.phase}, ${status.risk}, ${status.ready ? 'ready' : status.because}; market time ${formatTime(status.marketTime)}; ${status.facts} facts${status.alarms.length > 0 ? `; ALARMS ${status.alarms.join(', ')}` : ''}`;
      const rows = status.strategies.map(each => [
        each.name,
        each.phase,
        each.equity.toFixed(2),
        each.realised.toFixed(2),
        each.fees.toFixed(2),
        each.funding.toFixed(2),
        Object.entries(each.positions)
          .map(([symbol, quantity]) => `${symbol} ${quantity}`)
          .join(', ') || 'flat',
        String(each.openOrders),
      ]);
      return `${head}\n${table(COLUMNS, rows)}`;
    })
    .join('\n\n');

/** Ask each session how it is. */
export const runStatus = async (args: SessionNamed): Promise<void> => {
  const sessions = await namedSessions(workspaceAt(args.workspace), args);
  if (sessions.length === 0)
    throw usageError(
      'no-session',
      'No session was begun in this workspace.',
      'Begin one: quantai paper sma-cross --symbols BTC/USDT:USDT.',
    );
  const looked = await Promise.all(
    sessions.map(async ({ account, venue, mode }): Promise<Looked> => {
      const answer = await askSession(venue, account, { ask: 'status' }, ANSWER_MS);
      const status = answer !== null && typeof answer === 'object' && 'phase' in answer ? (answer as SessionStatus) : null;
      return { account, venue, mode, running: status !== null, status };
    }),
  );
  present(args, { sessions: looked }, ({ sessions: all }) => textOf(all));
};
