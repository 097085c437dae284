import type { AccountView } from '../../api/accounts-api.js';
import { Badge } from '../parts/badge.js';
import { EmptyNote } from '../parts/empty-note.js';
import { span, utc } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { alarmAdvice } from './alarm-advice.js';

/** Alarms that are up, since when, and what to do. */
export const AlarmsPanel = ({ view }: { readonly view: AccountView }) => (
  <Panel title="Alarms" note={view.alarms.length === 0 ? undefined : `${view.alarms.length} up`}>
    {view.alarms.length === 0 ? (
      <EmptyNote title="No alarm is up." />
    ) : (
      <ul class="alarms">
        {view.alarms.map(({ code, text, since, critical }) => (
          <li key={code} class={critical ? 'critical' : undefined}>
            <p class="alarm-head">
              <Badge tone={critical ? 'alarm' : 'warn'}>{code}</Badge>
              <span class="figure muted">
                {since === null
                  ? 'since an unknown time'
                  : `since ${utc(since)}${view.marketTime === null ? '' : ` (${span(Math.max(0, view.marketTime - since))})`}`}
              </span>
            </p>
            <p>{text}</p>
            {alarmAdvice(code) === null ? null : <p class="muted">{alarmAdvice(code)}</p>}
          </li>
        ))}
      </ul>
    )}
  </Panel>
);
