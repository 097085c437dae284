import { failed, messageOf, usageError } from '../errors.js';
import { isPlaceHeld } from '../live/session/socket-lock.js';
import { tellSession } from '../live/session/tell-session.js';
import { actorName } from './actor.js';
import type { HaltArguments } from './halt.js';
import { namedSessions, type NamedSession } from './session-names.js';
import { present, say } from './terminal.js';
import { workspaceAudit } from './workspace-audit.js';
import { workspaceAt, type Workspace } from './workspace.js';

const commandOf = ({ flatten, reduce, resume, stop }: HaltArguments) => {
  const chosen = [reduce, resume, stop].filter(Boolean).length;
  if (chosen > 1 || (flatten && (reduce || stop || resume)))
    throw usageError('which-halt', 'These options exclude each other.', 'Choose one of --flatten, --reduce, --resume and --stop.');
  return reduce ? 'reduce' : resume ? 'resume' : stop ? 'stop' : 'halt';
};

/** A halt waits no longer for its record. */
const AUDIT_MS = 5_000;

/** What a session does it records itself; what was done without it is recorded here. The halt is done, whether it can be recorded or not. */
const recordTakenBack = async (workspace: Workspace, by: string, reason: string, sessions: readonly NamedSession[]): Promise<void> => {
  if (sessions.length === 0) return;
  try {
    const log = await workspaceAudit(workspace, { patienceMs: AUDIT_MS });
    const text = `the watchdog took the orders back, for the session did not answer${reason === '' ? '' : `: ${reason}`}`;
    await log.append(
      by,
      sessions.map(({ account, venue, practice }) => ({
        type: 'RiskChanged',
        state: 'HALTED',
        code: 'watchdog',
        text,
        by,
        account,
        venue,
        practice,
      })),
    );
  } catch (error) {
    say(`WARNING: the halt is done, and is not in the audit log: ${messageOf(error)}`);
  }
};

/** Tell sessions of this workspace to halt, or to go on. */
export const runHalt = async (args: HaltArguments): Promise<void> => {
  const command = commandOf(args);
  const reason = args.reason?.trim() ?? '';
  if (command === 'resume' && reason === '')
    throw usageError('no-reason', 'Trading again after a halt needs a reason.', 'Say --reason "what was looked at and found".');
  const workspace = workspaceAt(args.workspace);
  const named = await namedSessions(workspace, args);
  // A paper session that has ended has orders nowhere; what a live one left stands at the venue.
  const held = await Promise.all(named.map(({ mode, venue, account }) => mode === 'live' || isPlaceHeld(venue, account)));
  const sessions = named.filter((_, i) => held[i]);
  if (sessions.length === 0) throw usageError('no-session', 'No such session runs in this workspace.', 'Look at quantai status.');
  const by = actorName(args);
  const results = await Promise.all(
    sessions.map(({ account, venue }) =>
      tellSession(account, venue, { ask: 'command', command, by, reason: reason || command, flatten: args.flatten }),
    ),
  );
  await recordTakenBack(
    workspace,
    by,
    reason,
    sessions.filter((_, i) => results[i]?.done === true && results[i].through === 'watchdog'),
  );
  present(args, { command, sessions: results }, ({ sessions: all }) =>
    all
      .map(
        each =>
          `${each.account} on ${each.venue}: ${each.done ? `${command} is done${each.through === 'watchdog' ? ' by the watchdog: the session hangs, or is dead' : ''}` : `NOT DONE, ${each.error}`}`,
      )
      .join('\n'),
  );
  if (results.some(({ done }) => !done))
    throw failed('not-halted', 'Not every session did it.', 'A session that hangs is seen to by its watchdog; look at the venue itself.');
};
