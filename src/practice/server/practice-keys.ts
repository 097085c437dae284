import type { KeyPermissions } from '../../live/venue-transport.js';

/** An account of the practice exchange and the keys that open it. They are worth nothing anywhere else. */
export interface PracticeAccount {
  readonly name: string;
  readonly key: string;
  readonly secret: string;
  /** Opening balance in the settlement asset. */
  readonly wallet: number;
  /** What the key may do; trade and nothing else, from any address, when left out. */
  readonly permissions?: KeyPermissions;
}

const TRADE_ONLY: KeyPermissions = { trade: true, withdraw: false, ipRestricted: true };

/** The accounts by their API key. */
export interface PracticeKeys {
  find(key: string): PracticeAccount | undefined;
  permissions(account: string): KeyPermissions;
  readonly names: readonly string[];
}

/** Throws when two accounts share a name or a key: an order would land in the wrong one. */
export const practiceKeys = (accounts: readonly PracticeAccount[]): PracticeKeys => {
  const byKey = new Map(accounts.map(account => [account.key, account]));
  const byName = new Map(accounts.map(account => [account.name, account]));
  if (byKey.size < accounts.length || byName.size < accounts.length)
    throw new Error('Two accounts of the practice exchange have one name or one key.');
  return {
    find: key => byKey.get(key),
    permissions: account => byName.get(account)?.permissions ?? TRADE_ONLY,
    names: [...byName.keys()],
  };
};
