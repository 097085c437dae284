import { failed, usageError } from '../errors.js';
import { askSession } from '../live/session/socket-lock.js';
import { actorName } from './actor.js';
import type { LimitsArguments } from './limits.js';
import { namedSessions } from './session-names.js';
import { table } from './table.js';
import { present } from './terminal.js';
import { workspaceAt } from './workspace.js';

const ANSWER_MS = 10_000;

type LimitValue = number | boolean | null;

/** `off` is none, words are themselves, and the rest are numbers. */
const valueOf = (name: string, text: string): LimitValue => {
  if (text === 'off') return null;
  if (text === 'true' || text === 'false') return text === 'true';
  const value = Number(text);
  if (text.trim() === '' || Number.isNaN(value))
    throw usageError('bad-limit', `"${text}" is no value for ${name}.`, 'Write a number, true, false, or off.');
  return value;
};

const patchOf = (pairs: readonly string[]): Record<string, LimitValue> => {
  const patch: Record<string, LimitValue> = {};
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw usageError('bad-limit', `"${pair}" sets nothing.`, 'Write --set maxExposure=0.5.');
    const name = pair.slice(0, at);
    if (name in patch) throw usageError('given-twice', `${name} is set twice.`, 'Set it once.');
    patch[name] = valueOf(name, pair.slice(at + 1));
  }
  return patch;
};

interface Answer {
  readonly limits?: Readonly<Record<string, LimitValue>> | null;
  readonly error?: string;
}

/** Ask sessions for their limits, or to change them. */
export const runLimits = async (args: LimitsArguments): Promise<void> => {
  const patch = patchOf(args.set ?? []);
  const isChange = Object.keys(patch).length > 0;
  const sessions = await namedSessions(workspaceAt(args.workspace), args);
  if (sessions.length === 0) throw usageError('no-session', 'No such session was begun in this workspace.', 'Look at quantai status.');
  if (isChange && sessions.length > 1)
    throw usageError('which-session', 'Several sessions were begun in this workspace.', 'Name the --account whose limits change.');
  const by = actorName(args);
  const request = isChange ? { ask: 'set', limits: patch, by, reason: args.reason?.trim() ?? '' } : { ask: 'limits' };
  const results = await Promise.all(
    sessions.map(async ({ account, venue }) => {
      const answer = (await askSession(venue, account, request, ANSWER_MS)) as Answer | null;
      return { account, venue, limits: answer?.limits ?? null, error: answer === null ? 'it does not answer' : (answer.error ?? null) };
    }),
  );
  present(args, { sessions: results }, ({ sessions: all }) =>
    all
      .map(({ account, venue, limits, error }) => {
        if (error !== null) return `${account} on ${venue}: ${error}`;
        const rows = Object.entries(limits ?? {}).sort(([a], [b]) => (a < b ? -1 : 1));
        return `${account} on ${venue}\n${table(
          [{ title: 'Limit' }, { title: 'Value', align: 'right' }],
          rows.map(([name, value]) => [name, value === null ? 'off' : String(value)]),
        )}`;
      })
      .join('\n\n'),
  );
  const refused = results.find(({ error }) => error !== null);
  if (isChange && refused !== undefined)
    throw failed('not-set', `The limits were not changed: ${refused.error}.`, 'A limit that becomes looser needs --reason.');
};
