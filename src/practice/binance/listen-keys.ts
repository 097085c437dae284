/** Keys of private streams: one per account, dead when nobody keeps them alive. */
export interface ListenKeys {
  /** The account's key, a new one when it has none; either way it lives on for an hour. */
  open(account: string): string;
  /** Null: it has none to keep alive. */
  keep(account: string): string | null;
  close(account: string): void;
  accountOf(key: string): string | null;
  /** Lets keys run out (those that are due, or of an account, or all) and returns them. */
  expire(which: 'due' | 'all' | { readonly account: string }): readonly (readonly [account: string, key: string])[];
}

/** As the venue has it. */
export const LISTEN_KEY_MS = 3_600_000;

/** `name` makes the text of a key from the account and how many it had before. */
export const listenKeys = (steady: () => number, name: (account: string, count: number) => string): ListenKeys => {
  const byAccount = new Map<string, { readonly key: string; until: number }>();
  const byKey = new Map<string, string>();
  let made = 0;
  const drop = (account: string): string | null => {
    const held = byAccount.get(account);
    if (held === undefined) return null;
    byAccount.delete(account);
    byKey.delete(held.key);
    return held.key;
  };
  return {
    open: account => {
      const held = byAccount.get(account) ?? { key: name(account, made++), until: 0 };
      held.until = steady() + LISTEN_KEY_MS;
      byAccount.set(account, held);
      byKey.set(held.key, account);
      return held.key;
    },
    keep: account => {
      const held = byAccount.get(account);
      if (held === undefined) return null;
      held.until = steady() + LISTEN_KEY_MS;
      return held.key;
    },
    close: account => void drop(account),
    accountOf: key => byKey.get(key) ?? null,
    expire: which => {
      const now = steady();
      const due = [...byAccount].filter(([account, { until }]) =>
        which === 'all' ? true : which === 'due' ? now >= until : account === which.account,
      );
      for (const [account] of due) drop(account);
      return due.map(([account, { key }]) => [account, key] as const);
    },
  };
};
