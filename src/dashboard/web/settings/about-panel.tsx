import { KeyValues } from '../parts/key-values.js';
import { Panel } from '../parts/panel.js';
import { me } from '../state/api.js';
import { utcMinute } from '../parts/figures.js';

/** Version, workspace, who is logged in, and the notices that the licences of the charts ask for. */
export const AboutPanel = () => {
  const who = me.value;
  return (
    <Panel title="About">
      <div class="stack">
        <KeyValues
          items={[
            ['QuantAI-Trad', <span class="figure">{who?.version ?? '–'}</span>],
            ['Workspace', <span class="mono">{who?.workspace ?? '–'}</span>],
            ['You', who === null ? '–' : `${who.name} (${who.roles.join(', ')})`],
            ['Logged in until', <span class="figure">{who === null ? '–' : `${utcMinute(who.expiresAt)} UTC`}</span>],
            ['API', <a href="/api/v1/openapi.json">OpenAPI 3.1 document</a>],
            ['Keyboard', <span>Press ? for every shortcut.</span>],
          ]}
        />
        <div class="notices">
          <h3>Charts</h3>
          <p>
            Candles and lines: TradingView Lightweight Charts™, Copyright © 2025{' '}
            <a href="https://www.tradingview.com/" target="_blank" rel="noreferrer">
              TradingView, Inc.
            </a>
            , Apache License 2.0.
          </p>
          <p class="muted">Other charts: Vega and Vega-Lite, University of Washington Interactive Data Lab, BSD 3-Clause.</p>
        </div>
      </div>
    </Panel>
  );
};
