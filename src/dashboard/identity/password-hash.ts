import { hash, verify, type Options } from '@node-rs/argon2';
import { UserError } from '../../errors.js';

/** Argon2id, the library's default, at the least that OWASP asks for: 19 MiB, two passes, one lane. */
const COST: Options = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** More at once would take memory and threads from the rest of the server. */
const AT_ONCE = 2;
const WAITING = 20;

let running = 0;
const queue: (() => void)[] = [];

/** Runs the work when it is its turn. Throws `busy` when too many wait. */
const inTurn = async <T>(work: () => Promise<T>): Promise<T> => {
  if (running >= AT_ONCE) {
    if (queue.length >= WAITING)
      throw new UserError('too-many-attempts', 'Too many people try to log in at once.', 4, 'Try again in a few seconds.');
    await new Promise<void>(resolve => queue.push(resolve));
  }
  running++;
  try {
    return await work();
  } finally {
    running--;
    queue.shift()?.();
  }
};

/** What is kept of a password, with its salt and cost in it. Takes some 50 ms of a core on purpose. */
export const hashPassword = (password: string): Promise<string> => inTurn(() => hash(password, COST));

let decoy: Promise<string> | null = null;

/** Whether it is the password. `kept` is null for a name that has none: that takes the same time and is always wrong, so that nobody learns which names there are. */
export const isPassword = async (kept: string | null, password: string): Promise<boolean> => {
  decoy ??= hash('a name without a password', COST);
  const against = kept ?? (await decoy);
  const isRight = await inTurn(() => verify(against, password));
  return isRight && kept !== null;
};
