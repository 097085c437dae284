import type { PromotionView } from '../../api/promotion-api.js';
import { Badge } from '../parts/badge.js';
import { EmptyNote } from '../parts/empty-note.js';
import { utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import type { Tone } from '../parts/tone.js';

const TONES: Readonly<Record<string, Tone>> = { live: 'accent', demoted: 'loss', retired: 'neutral', paper: 'neutral' };

/** Every step of a promotion, newest first. */
export const StageHistory = ({ history }: { readonly history: PromotionView['history'] }) => (
  <Panel title="History" note="From the audit log, newest first">
    {history.length === 0 ? (
      <EmptyNote title="No steps yet" />
    ) : (
      <ol class="timeline">
        {[...history]
          .sort((a, b) => b.seq - a.seq)
          .map(({ seq, at, actor, stage, text }) => (
            <li key={seq}>
              <span class="timeline-at figure muted">{utcMinute(at)}</span>
              <span class="timeline-text">
                <Badge tone={TONES[stage] ?? 'neutral'}>{stage}</Badge> {text} <span class="muted">by {actor}</span>
              </span>
            </li>
          ))}
      </ol>
    )}
  </Panel>
);
