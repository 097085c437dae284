import type { ApprovalRequest } from './approval-request.js';

type Named = Pick<
  ApprovalRequest,
  'strategy' | 'account' | 'venue' | 'practice' | 'size' | 'share' | 'currency' | 'worstCaseLoss' | 'overrides' | 'action'
>;

/** Plain digits, so that the sentence can be typed: at most two decimals, losses rounded up. */
const up = (value: number): string => String(Math.ceil(Number((value * 100).toFixed(6))) / 100);
const plain = (value: number): string => String(Number(value.toFixed(2)));

/**
 * What a person types to agree: strategy, account, venue, money and what can be lost, so that nobody agrees to something that they have not read. The money is what is traded from now on; where that is a part of the
 * approved size, `100 of 10000 USDT`. Gates that would be overridden are named too.
 */
export const confirmationSentence = ({ action, strategy, account, venue, practice, size, share, currency, ...request }: Named): string => {
  const money = share === 1 ? plain(size) : `${plain(size * share)} of ${plain(size)}`;
  const overrides = request.overrides.length === 0 ? '' : `, overriding ${request.overrides.map(({ gate }) => gate).join(', ')}`;
  return (
    `approve ${action === 'paper' ? 'paper trading of ' : ''}${strategy} on ${account} at ${practice ? 'practice' : venue} with ${money} ${currency}, ` +
    `worst-case loss ${up(request.worstCaseLoss)} ${currency}${overrides}`
  );
};

/** Whether what was typed is the sentence; blanks at its ends and runs of blanks do not count. */
export const isSentence = (typed: string, request: Named): boolean => typed.trim().replace(/\s+/g, ' ') === confirmationSentence(request);
