import { utc } from '../parts/figures.js';
import type { AlarmView } from '../../api/accounts-api.js';

/** Alarms in force, critical ones first. */
export const AlarmList = ({ alarms }: { readonly alarms: readonly AlarmView[] }) => (
  <ul class="alarm-list">
    {[...alarms]
      .sort((a, b) => Number(b.critical) - Number(a.critical))
      .map(({ code, text, since, critical }) => (
        <li key={code}>
          <span class={`dot ${critical ? 'dot-cut' : 'dot-old'}`} />
          <span>
            <span class="unseen">{critical ? 'Critical: ' : 'Warning: '}</span>
            {text}
          </span>
          <span class="muted figure">{since === null ? code : `${code} since ${utc(since)}`}</span>
        </li>
      ))}
  </ul>
);
