/** After how long without a message a running account's figures are called old. */
const OLD_MS = 15_000;

/** What the pages say of the way to the server: `old` is a stream that is open and silent while the account trades. */
export const dataState = ({
  connection,
  isRunning,
  heardAt,
  cutAt,
  now,
}: {
  readonly connection: 'connecting' | 'live' | 'cut';
  readonly isRunning: boolean;
  readonly heardAt: number;
  readonly cutAt: number;
  readonly now: number;
}): { readonly state: 'connecting' | 'live' | 'cut' | 'old'; readonly forMs: number } => {
  if (connection === 'cut') return { state: 'cut', forMs: Math.max(0, now - cutAt) };
  if (connection === 'live' && isRunning && now - heardAt > OLD_MS) return { state: 'old', forMs: now - heardAt };
  return { state: connection, forMs: 0 };
};
