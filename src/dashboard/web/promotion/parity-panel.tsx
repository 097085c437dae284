import type { PromotionView } from '../../api/promotion-api.js';
import { Badge } from '../parts/badge.js';
import { EmptyNote } from '../parts/empty-note.js';
import { utcDay, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';

/** Whether trading did what the backtest of the same time did, and whether live is inside what was expected. */
export const ParityPanel = ({ parity, watch }: Pick<PromotionView, 'parity' | 'watch'>) => (
  <Panel title="Parity and watch" note="Live against the backtest, and against what was expected">
    {parity.length === 0 && watch.length === 0 ? (
      <EmptyNote title="Nothing was compared yet" command="quantai parity paper">
        A day of trading is compared with its backtest by:
      </EmptyNote>
    ) : (
      <div class="stack">
        <ul class="checks">
          {parity.map(({ at, from, to, passed, sentence, page }) => (
            <li key={`${at} ${from}`}>
              <Badge tone={passed ? 'gain' : 'alarm'}>{passed ? 'in tolerance' : 'apart'}</Badge>
              <span>
                <span class="figure muted">
                  {utcDay(from)} – {utcDay(to)}
                </span>{' '}
                {sentence}{' '}
                {page === null ? null : (
                  <a href={page} target="_blank" rel="noreferrer">
                    certificate
                  </a>
                )}
              </span>
            </li>
          ))}
        </ul>
        <ul class="checks">
          {watch.map(({ at, monitor, verdict, sentence }) => (
            <li key={`${at} ${monitor}`}>
              <Badge tone={verdict === 'alarm' ? 'alarm' : verdict === 'inside' ? 'gain' : 'neutral'}>{verdict}</Badge>
              <span>
                <strong>{monitor}</strong> {sentence} <span class="figure muted">{utcMinute(at)}</span>
              </span>
            </li>
          ))}
        </ul>
      </div>
    )}
  </Panel>
);
