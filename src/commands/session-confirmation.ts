/** What a real session puts at stake, as a person is asked about it. */
export interface Stake {
  /** In the order of the command line. */
  readonly strategies: readonly string[];
  readonly account: string;
  readonly venue: string;
  /** What they may use now, and what the account can lose by its declared limits. */
  readonly size: number;
  readonly worstCaseLoss: number;
  readonly currency: string;
}

const up = (value: number): string => String(Math.ceil(Number((value * 100).toFixed(6))) / 100);
const plain = (value: number): string => String(Number(value.toFixed(2)));

const words = ({ strategies, account, venue, currency }: Stake, size: string, loss: string): string =>
  `trade ${strategies.join(' and ')} on ${account} at ${venue} with ${size} ${currency}, worst-case loss ${loss} ${currency}`;

/** The sentence that a real venue asks for. */
export const stakeSentence = (stake: Stake): string => words(stake, plain(stake.size), up(stake.worstCaseLoss));

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Whether a person has agreed to as much: the sentence, or the same with larger amounts, so that one for an unattended start holds after a step down. Blanks at its ends and runs of blanks do not count. */
export const isAgreed = (typed: string, stake: Stake): boolean => {
  const amount = '(\\d+(?:\\.\\d+)?)';
  const pattern = escaped(words(stake, '§', '§')).replaceAll('§', amount);
  const found = new RegExp(`^${pattern}$`).exec(typed.trim().replace(/\s+/g, ' '));
  if (found === null) return false;
  return Number(found[1]) >= Number(plain(stake.size)) && Number(found[2]) >= Number(up(stake.worstCaseLoss));
};
