import { setTimeout as pause } from 'node:timers/promises';
import { UserError } from '../../errors.js';
import { ROLES, type Role } from '../../promotion/people/role.js';

/** What the audit log says about a person now, or said last. `unknown`: it could not be read since the start, and nobody can tell; `isLockedOut` where the registry is there and does not let this process in. */
export type Standing =
  | { readonly is: 'person'; readonly roles: readonly Role[] }
  | { readonly is: 'nobody' }
  | { readonly is: 'unknown'; readonly isLockedOut: boolean };

/** Who works with the workspace. */
export interface KnownPeople {
  readonly standingOf: (name: string) => Promise<Standing>;
  /** Whether the workspace has users. */
  readonly isConfigured: () => Promise<boolean>;
}

/** An answer that is so old is asked for again, */
const LOOK_MS = 400;
/** and one that is so old is waited for: a role that was taken away is gone within a second. */
const OLDEST_MS = 900;

export interface KnownPeopleOptions {
  readonly people: () => Promise<ReadonlyMap<string, { readonly roles: readonly string[] }>>;
  /** Who has all roles while there are no users. */
  readonly owner: string;
  /** Told once when the log can no longer be read. */
  readonly warn: (text: string) => void;
}

const isRole = (word: string): word is Role => ROLES.some(role => role === word);

/** A log that does not answer, such as one on a disk that hangs, is waited for no longer: a halt does not wait for it. */
const PATIENCE_MS = 1_000;

/** Asks the audit log at most twice a second. While it cannot be read, what it said last holds: nobody is thrown out, and nobody gets more than they had. */
export const knownPeople = ({ people, owner, warn }: KnownPeopleOptions): KnownPeople => {
  let held: { readonly map: ReadonlyMap<string, { readonly roles: readonly string[] }> | null; readonly at: number } | null = null;
  let asking: Promise<void> | null = null;
  let isFailing = false;
  let isLockedOut = false;
  const ask = async (): Promise<void> => {
    const at = performance.now();
    try {
      held = { map: await people(), at };
      isFailing = false;
      isLockedOut = false;
    } catch (error) {
      if (!isFailing) warn(`The audit log cannot say who is who: ${error instanceof Error ? error.message : String(error)}`);
      isFailing = true;
      isLockedOut = error instanceof UserError && error.code === 'registry-login';
      held = { map: held?.map ?? null, at };
    }
  };
  const now = async () => {
    const age = held === null ? Infinity : performance.now() - held.at;
    if (age >= LOOK_MS) asking ??= ask().finally(() => (asking = null));
    if (age >= OLDEST_MS && asking !== null) await Promise.race([asking, pause(PATIENCE_MS, undefined, { ref: false })]);
    return held?.map ?? null;
  };
  return {
    standingOf: async name => {
      const map = await now();
      if (map === null) return { is: 'unknown', isLockedOut };
      if (map.size === 0) return name === owner ? { is: 'person', roles: ROLES } : { is: 'nobody' };
      const person = map.get(name);
      return person === undefined ? { is: 'nobody' } : { is: 'person', roles: person.roles.filter(isRole) };
    },
    isConfigured: async () => ((await now())?.size ?? 1) > 0,
  };
};
