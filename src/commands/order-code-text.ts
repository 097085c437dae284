/** What a venue's or the engine's code means to a trader. */
const MEANING: Readonly<Record<string, string>> = {
  requested: 'we asked for it',
  gtd: 'its time was up',
  'post-only': 'it would have taken at once, and was to rest only',
  'reduce-only': 'there is nothing left to reduce',
  'position-closed': 'the position that it was to close is gone',
  margin: 'the account cannot carry it',
  'no-market': 'there is nothing to trade with',
  'not-filled': 'not all of it could trade at once',
  'not-marketable': 'nothing was offered at its limit when it came',
  'min-notional': 'it is smaller than the venue takes',
  'not-working': 'the order was not working any more',
  liquidation: 'the venue took over the account',
  liquidated: 'the venue took over the account',
  halted: 'trading is halted',
};

/** A code in words, with the code itself for those who search for it. */
export const codeText = (code: string): string => {
  const meaning = MEANING[code];
  return meaning === undefined ? code : `${meaning} (${code})`;
};
