import { ROLES, type Role } from '../../promotion/people/role.js';

/** What the audit log says about a person now. `unknown`: the log cannot be read, and nobody can tell. */
export type Standing = { readonly is: 'person'; readonly roles: readonly Role[] } | { readonly is: 'nobody' } | { readonly is: 'unknown' };

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

/** Asks the audit log at most twice a second. While it cannot be read nobody is thrown out: the command line refuses what acts by itself, and a halt has to stay possible. */
export const knownPeople = ({ people, owner, warn }: KnownPeopleOptions): KnownPeople => {
  let held: { readonly map: ReadonlyMap<string, { readonly roles: readonly string[] }> | null; readonly at: number } | null = null;
  let asking: Promise<void> | null = null;
  let isFailing = false;
  const ask = async (): Promise<void> => {
    const at = performance.now();
    try {
      held = { map: await people(), at };
      isFailing = false;
    } catch (error) {
      if (!isFailing) warn(`The audit log cannot say who is who: ${error instanceof Error ? error.message : String(error)}`);
      isFailing = true;
      held = { map: null, at };
    }
  };
  const now = async () => {
    const age = held === null ? Infinity : performance.now() - held.at;
    if (age >= LOOK_MS) asking ??= ask().finally(() => (asking = null));
    if (age >= OLDEST_MS) await asking;
    return held?.map ?? null;
  };
  return {
    standingOf: async name => {
      const map = await now();
      if (map === null) return { is: 'unknown' };
      if (map.size === 0) return name === owner ? { is: 'person', roles: ROLES } : { is: 'nobody' };
      const person = map.get(name);
      return person === undefined ? { is: 'nobody' } : { is: 'person', roles: person.roles.filter(isRole) };
    },
    isConfigured: async () => ((await now())?.size ?? 1) > 0,
  };
};
