import { messageOf, usageError } from '../errors.js';
import type { SessionStatus } from '../live/session/session-status.js';
import { askSession } from '../live/session/socket-lock.js';
import type { AuditRecord } from '../promotion/audit/audit-record.js';
import { formatDate, formatTime } from '../time.js';
import { promotionStandings, type PromotionStanding } from './promotion-standing.js';
import { namedSessions } from './session-names.js';
import type { SessionNamed } from './status.js';
import { table } from './table.js';
import { present, say } from './terminal.js';
import { isAudited, workspaceAudit } from './workspace-audit.js';
import { workspaceAt, type Workspace } from './workspace.js';

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
  /** True where nothing is traded as promoted; null for a session of before there was such a thing. */
  readonly rehearsal: boolean | null;
  readonly promotions: readonly PromotionStanding[];
  readonly status: SessionStatus | null;
}

/** What the audit log says; nothing where there is none, and where it is not what was written, which does not keep anybody from a look. */
const recordsOf = async (workspace: Workspace): Promise<readonly AuditRecord[]> => {
  try {
    if (!(await isAudited(workspace))) return [];
    return (await (await workspaceAudit(workspace)).readLast()).records;
  } catch (error) {
    say(`WARNING: ${messageOf(error)}`);
    return [];
  }
};

const percent = (share: number): string => `${Number((share * 100).toFixed(4))} %`;

const standingLines = ({ rehearsal, promotions }: Looked): readonly string[] => [
  ...(rehearsal === true ? ['REHEARSAL: nothing here is promoted, and nothing of it counts as evidence.'] : []),
  ...promotions.flatMap(({ id, stage, size, share, parity, watch }) => [
    `Promotion ${id}: ${stage}${size === null || share === null ? '' : `, ${percent(share)} of ${size.toLocaleString('en-US')}`}.`,
    ...(parity === null
      ? []
      : [`  parity ${formatDate(parity.from)} to ${formatDate(parity.to)}: ${parity.passed ? 'passed' : 'FAILED'}. ${parity.sentence}`]),
    ...watch.map(({ monitor, verdict, sentence }) => `  ${monitor}: ${verdict === 'alarm' ? 'ALARM' : verdict}. ${sentence}`),
  ]),
];

const textOf = (looked: readonly Looked[]): string =>
  looked
    .map(each => {
      const { account, venue, mode, status } = each;
      if (status === null)
        return [`${account} (${mode} on ${venue}): no session runs, or it does not answer.`, ...standingLines(each)].join('\n');
      const head = `${account} (${mode} on ${venue}${status.practice ? ', PRACTICE' : ''}): ${status.phase}, ${status.risk}, ${status.ready ? 'ready' : status.because}; market time ${formatTime(status.marketTime)}; ${status.facts} facts${status.alarms.length > 0 ? `; ALARMS ${status.alarms.join(', ')}` : ''}`;
      const rows = status.strategies.map(strategy => [
        strategy.name,
        strategy.phase,
        strategy.equity.toFixed(2),
        strategy.realised.toFixed(2),
        strategy.fees.toFixed(2),
        strategy.funding.toFixed(2),
        Object.entries(strategy.positions)
          .map(([symbol, quantity]) => `${symbol} ${quantity}`)
          .join(', ') || 'flat',
        String(strategy.openOrders),
      ]);
      return [head, ...standingLines(each), table(COLUMNS, rows)].join('\n');
    })
    .join('\n\n');

/** Ask each session how it is. */
export const runStatus = async (args: SessionNamed): Promise<void> => {
  const workspace = workspaceAt(args.workspace);
  const sessions = await namedSessions(workspace, args);
  if (sessions.length === 0)
    throw usageError(
      'no-session',
      'No session was begun in this workspace.',
      'Begin one: quantai paper sma-cross --symbols BTC/USDT:USDT.',
    );
  const records = await recordsOf(workspace);
  const looked = await Promise.all(
    sessions.map(async (session): Promise<Looked> => {
      const { account, venue, mode, rehearsal = null } = session;
      const answer = await askSession(venue, account, { ask: 'status' }, ANSWER_MS);
      const status = answer !== null && typeof answer === 'object' && 'phase' in answer ? (answer as SessionStatus) : null;
      const promotions = promotionStandings(records, session);
      return { account, venue, mode, running: status !== null, rehearsal, promotions, status };
    }),
  );
  present(args, { sessions: looked }, ({ sessions: all }) => textOf(all));
};
