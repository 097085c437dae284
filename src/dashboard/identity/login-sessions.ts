import { join } from 'node:path';
import { z } from 'zod';
import { ROLES, type Role } from '../../promotion/people/role.js';
import { DAY, HOUR, MINUTE } from '../../time.js';
import { openPrivateStore } from './private-store.js';
import { hashOf, newSecret } from './secret-text.js';

const LoginSession = z.strictObject({
  /** SHA-256 of what the cookie holds. */
  id: z.string(),
  name: z.string(),
  /** What it was given when it began: the most it can ever do. */
  roles: z.array(z.enum(ROLES)),
  begunAt: z.number(),
  seenAt: z.number(),
});
/** A browser that logged in. */
export type LoginSession = z.infer<typeof LoginSession>;
const Kept = z.strictObject({ sessions: z.array(LoginSession) });

/** How long a login lasts, ms. */
export interface LoginSpan {
  /** Without a request. */
  readonly idleMs: number;
  /** In all. */
  readonly absoluteMs: number;
}
export const LOGIN_SPAN: LoginSpan = { idleMs: 8 * HOUR, absoluteMs: 7 * DAY };

/** Logins in `sessions.json`, so that a server that was started anew knows its browsers. */
export interface LoginSessions {
  readonly begin: (name: string, roles: readonly Role[]) => Promise<{ readonly secret: string; readonly session: LoginSession }>;
  /** The login of a cookie, unless it has ended. `isUse`: the time until it is idle begins anew. */
  readonly find: (secret: string, isUse: boolean) => Promise<LoginSession | null>;
  readonly expiresAt: (session: LoginSession) => number;
  readonly end: (id: string) => Promise<void>;
  /** Ends every login of a person, but for one. */
  readonly endAll: (name: string, except: string | null) => Promise<void>;
  /** Writes down when each was seen last. */
  readonly flush: () => Promise<void>;
}

/** The file is written so often at most for the time of the last request alone. */
const SEEN_MS = MINUTE;
const MOST_A_PERSON = 50;

export const openLoginSessions = (folder: string, { idleMs, absoluteMs }: LoginSpan, now: () => number): LoginSessions => {
  const store = openPrivateStore(join(folder, 'sessions.json'), Kept, { sessions: [] });
  /** Later than the file says. */
  const seen = new Map<string, number>();
  const fresh = (session: LoginSession): LoginSession => ({
    ...session,
    seenAt: Math.max(session.seenAt, seen.get(session.id) ?? session.seenAt),
  });
  const expiresAt = ({ begunAt, seenAt }: LoginSession): number => Math.min(seenAt + idleMs, begunAt + absoluteMs);
  const standing = (sessions: readonly LoginSession[]): LoginSession[] => sessions.map(fresh).filter(session => expiresAt(session) > now());
  const change = async (how: (sessions: readonly LoginSession[]) => readonly LoginSession[]): Promise<void> => {
    const { sessions } = await store.change(before => ({ sessions: [...how(standing(before.sessions))] }));
    for (const id of seen.keys()) if (!sessions.some(session => session.id === id)) seen.delete(id);
  };
  return {
    begin: async (name, roles) => {
      const secret = newSecret('');
      const session: LoginSession = { id: hashOf(secret), name, roles: [...roles], begunAt: now(), seenAt: now() };
      await change(sessions => {
        const own = sessions.filter(each => each.name === name).slice(-(MOST_A_PERSON - 1));
        return [...sessions.filter(each => each.name !== name || own.includes(each)), session];
      });
      return { secret, session };
    },
    find: async (secret, isUse) => {
      const id = hashOf(secret);
      const kept = (await store.read()).sessions.find(session => session.id === id);
      if (kept === undefined) return null;
      const session = fresh(kept);
      if (expiresAt(session) <= now()) return null;
      if (!isUse) return session;
      seen.set(id, now());
      if (now() - kept.seenAt >= SEEN_MS) await store.note(({ sessions }) => ({ sessions: standing(sessions) }));
      return { ...session, seenAt: now() };
    },
    expiresAt,
    end: id => change(sessions => sessions.filter(session => session.id !== id)),
    endAll: (name, except) => change(sessions => sessions.filter(session => session.name !== name || session.id === except)),
    flush: async () => {
      if (seen.size > 0) await change(sessions => sessions);
    },
  };
};
