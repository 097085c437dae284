import type { ParityCertificate } from '../promotion/parity/certificate.js';
import { GAP_CAUSES } from '../promotion/parity/certificate.js';
import { CAUSE_NAME } from '../promotion/parity/parity-sentence.js';
import { formatTime } from '../time.js';
import { table } from './table.js';

/** Decisions shown for each; all of them are in the file. */
const SHOWN = 12;

const linesOf = (made: ParityCertificate & { readonly page: string }): string[] => {
  const { strategy, account, practice, from, to, sentence, decisions, fills, gap, differences, profit } = made;
  return [
    `${strategy} on ${account}${practice ? ' (PRACTICE)' : ''}, ${formatTime(from)} to ${formatTime(to)}`,
    sentence,
    `Profit: session ${profit.session.toFixed(2)}, backtest ${profit.backtest.toFixed(2)}. Decisions: ${decisions.equal} of ${decisions.all} alike, ${decisions.explained} explained, ${decisions.unexplained} not. Fills: ${fills.session}, in the backtest ${fills.backtest}.`,
    table(
      [{ title: 'Cause' }, { title: 'Gap', align: 'right' }],
      [...GAP_CAUSES.map(cause => [CAUSE_NAME[cause], gap.causes[cause].toFixed(2)]), ['together', gap.total.toFixed(2)]],
    ),
    ...(differences.length === 0
      ? []
      : [
          table(
            [{ title: 'Bar' }, { title: 'Symbol' }, { title: 'Session' }, { title: 'Backtest' }, { title: 'Why' }],
            differences
              .slice(0, SHOWN)
              .map(({ ts, symbol, session, backtest, why }) => [formatTime(ts), symbol, session ?? '–', backtest ?? '–', why]),
          ),
          ...(differences.length > SHOWN ? [`… and ${differences.length - SHOWN} more.`] : []),
        ]),
    `Page ${made.page}`,
  ];
};

/** Certificates for people. */
export const parityText = ({
  certificates,
}: {
  readonly certificates: readonly (ParityCertificate & { readonly page: string })[];
}): string => certificates.map(made => linesOf(made).join('\n')).join('\n\n');
