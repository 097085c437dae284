import type { DatasetView } from '../../api/data-api.js';
import { Badge } from '../parts/badge.js';
import { EmptyNote } from '../parts/empty-note.js';
import { count } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import type { Tone } from '../parts/tone.js';

const TONES: Readonly<Record<string, Tone>> = { error: 'alarm', warning: 'warn', info: 'neutral' };

const noteOf = (findings: DatasetView['findings']): string => {
  const notes = findings.filter(({ severity }) => severity === 'info').length;
  const wrong = findings.length - notes;
  const said = notes === 0 ? '' : `, ${notes} ${notes === 1 ? 'note' : 'notes'}`;
  return wrong === 0 ? `Nothing wrong${said}` : `${wrong} ${wrong === 1 ? 'finding' : 'findings'}, worst first${said}`;
};

/** What the quality checks found, worst first. */
export const FindingsPanel = ({ findings }: Pick<DatasetView, 'findings'>) => (
  <Panel title="Quality" note={noteOf(findings)}>
    {findings.length === 0 ? (
      <EmptyNote title="The checks found nothing">Order, gaps, shape of bars, spikes, zones and hashes were looked at.</EmptyNote>
    ) : (
      <ul class="checks findings">
        {findings.map(({ code, severity, symbol, kind, count: times, text }, at) => (
          <li key={`${code} ${symbol ?? ''} ${kind ?? ''} ${at}`}>
            <Badge tone={TONES[severity] ?? 'neutral'}>{severity}</Badge>
            <span>
              <strong>{code}</strong>{' '}
              <span class="muted">
                {[symbol, kind].filter(each => each !== null).join(' ')}
                {times > 1 ? ` ×${count(times)}` : ''}
              </span>
              <span class="finding-text">{text}</span>
            </span>
          </li>
        ))}
      </ul>
    )}
  </Panel>
);
