import type { RunView } from '../../api/research-api.js';
import { SyntheticBadge } from '../parts/badge.js';
import { Code, Json } from '../parts/code.js';
import { utc } from '../parts/figures.js';
import { KeyValues } from '../parts/key-values.js';
import { Panel } from '../parts/panel.js';
import { addressOf } from '../state/route.js';

const shown = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

/** What the run was made from, and how to make it again. */
export const RunFacts = ({ run }: { readonly run: RunView }) => {
  const { line, params, reproduce, manifest } = run;
  return (
    <Panel title="Made from">
      <div class="stack">
        <KeyValues
          items={[
            ...Object.entries(params).map(([name, value]) => [name, <span class="figure">{shown(value)}</span>] as const),
            [
              'Dataset',
              <span class="inline">
                <a href={addressOf('/data', { dataset: line.dataset })}>{line.dataset}</a>
                {line.synthetic === true ? <SyntheticBadge /> : null}
              </span>,
            ],
            ['Version of the data', <span class="mono">{line.datasetVersion?.slice(0, 12) ?? '–'}</span>],
            [
              'Fingerprint',
              <span class="mono" title={line.fingerprint ?? undefined}>
                {line.fingerprint?.slice(0, 16) ?? '–'}
              </span>,
            ],
            ['Made', <span class="figure">{utc(line.at)} UTC</span>],
          ]}
        />
        {reproduce === null ? null : (
          <div>
            <h3>Make it again</h3>
            <Code text={reproduce} />
          </div>
        )}
        <details>
          <summary>Manifest</summary>
          <Json value={manifest} />
        </details>
      </div>
    </Panel>
  );
};
