import { UserError } from '../../errors.js';
import { HOUR, MINUTE } from '../../time.js';

/** Slows down whoever guesses passwords, by name and by address. Kept in memory: a new start begins anew. */
export interface LoginThrottle {
  /** Counts an attempt before it is made, so that many at once are counted too. Throws `too-many-attempts` while it has to wait. */
  readonly attempt: (name: string, address: string) => void;
  /** The attempt was right: the name is forgotten, and the address has one attempt less. */
  readonly succeeded: (name: string, address: string) => void;
}

const TRIES = { name: 5, address: 20 };
const FIRST_WAIT_MS = MINUTE;
const LONGEST_WAIT_MS = 15 * MINUTE;
/** After so long without an attempt nothing is held against anybody. */
const FORGET_MS = HOUR;
const MOST = 10_000;

interface Attempts {
  readonly count: number;
  readonly last: number;
  readonly until: number;
}

export const loginThrottle = (now: () => number): LoginThrottle => {
  const known = new Map<string, Attempts>();
  const of = (key: string): Attempts => {
    const found = known.get(key);
    return found === undefined || now() - found.last > FORGET_MS ? { count: 0, last: 0, until: 0 } : found;
  };
  const keep = (key: string, attempts: Attempts): void => {
    // Put last again, so that what is dropped is the oldest.
    known.delete(key);
    known.set(key, attempts);
    if (known.size > MOST) known.delete(known.keys().next().value ?? '');
  };
  const keysOf = (name: string, address: string) =>
    [
      [`name ${name}`, TRIES.name],
      [`address ${address}`, TRIES.address],
    ] as const;
  return {
    attempt: (name, address) => {
      const keys = keysOf(name, address);
      const until = Math.max(...keys.map(([key]) => of(key).until));
      if (until > now())
        throw new UserError(
          'too-many-attempts',
          `There were too many wrong attempts. The next one is taken in ${Math.ceil((until - now()) / 1000)} seconds.`,
          4,
          'Wait, or log in with the link that `quantai dashboard` prints.',
        );
      for (const [key, tries] of keys) {
        const count = of(key).count + 1;
        const wait = count < tries ? 0 : Math.min(FIRST_WAIT_MS * 2 ** (count - tries), LONGEST_WAIT_MS);
        keep(key, { count, last: now(), until: now() + wait });
      }
    },
    succeeded: (name, address) => {
      known.delete(`name ${name}`);
      const { count, last } = of(`address ${address}`);
      if (count > 0) keep(`address ${address}`, { count: count - 1, last, until: 0 });
    },
  };
};
