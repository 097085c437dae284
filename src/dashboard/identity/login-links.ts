import { join } from 'node:path';
import { z } from 'zod';
import { MINUTE } from '../../time.js';
import { openPrivateStore } from './private-store.js';
import { hashOf, newSecret } from './secret-text.js';

const Kept = z.strictObject({ links: z.array(z.strictObject({ id: z.string(), name: z.string(), until: z.number() })) });

/** Links that log somebody in once. They are printed on the terminal: whoever can start the dashboard may come in. */
export interface LoginLinks {
  /** The secret of a new link for a person. */
  readonly make: (name: string) => Promise<string>;
  /** Whose link it is; null when it was used, is too old or never was. It is used up by this. */
  readonly redeem: (secret: string) => Promise<string | null>;
}

const GOOD_MS = 15 * MINUTE;

/** In `links.json`: a second start can make one for the server that runs. */
export const openLoginLinks = (folder: string, now: () => number): LoginLinks => {
  const store = openPrivateStore(join(folder, 'links.json'), Kept, { links: [] });
  return {
    make: async name => {
      const secret = newSecret('');
      await store.change(({ links }) => ({
        links: [...links.filter(({ until }) => until > now()).slice(-99), { id: hashOf(secret), name, until: now() + GOOD_MS }],
      }));
      return secret;
    },
    redeem: async secret => {
      const id = hashOf(secret);
      let name: string | null = null;
      // A wrong one is looked up without writing anything.
      if (!(await store.read()).links.some(link => link.id === id && link.until > now())) return null;
      await store.change(({ links }) => {
        const link = links.find(each => each.id === id && each.until > now());
        name = link?.name ?? null;
        return { links: links.filter(each => each !== link) };
      });
      return name;
    },
  };
};
