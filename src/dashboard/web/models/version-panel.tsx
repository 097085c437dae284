import type { ModelSetView } from '../../api/models-api.js';
import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { Json } from '../parts/code.js';
import { ConfirmButton } from '../parts/confirm-button.js';
import { count, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';
import { call } from '../state/api.js';
import { hasRole, lacksRole } from '../state/roles.js';

type Version = ModelSetView['versions'][number];

const VersionCard = ({ set, version, onChanged }: { readonly set: string; readonly version: Version; readonly onChanged: () => void }) => (
  <article class={`version ${version.isCurrent ? 'current' : ''}`} aria-label={`Version ${version.version.slice(0, 12)}`}>
    <header>
      <span class="mono">{version.version.slice(0, 12)}</span>
      {version.isCurrent ? <Badge tone="accent">in force</Badge> : null}
      <span class="muted figure">{utcMinute(version.at)} UTC</span>
      <span class="spacer" />
      {version.isCurrent ? null : (
        <ConfirmButton
          small
          disabled={!hasRole('researcher', 'operator')}
          title={lacksRole('researcher', 'operator') ?? undefined}
          heading={`Roll ${set} back?`}
          text={`Version ${version.version.slice(0, 12)} of ${utcMinute(version.at)} UTC becomes the one in force. Sessions and runs that begin after this start from it.`}
          confirm="Roll back"
          reason="required"
          act={async reason => {
            await call('models.rollback', { params: { set }, body: { version: version.version, reason } });
            onChanged();
            return `${set} is at ${version.version.slice(0, 12)} again.`;
          }}
        >
          Roll back to this
        </ConfirmButton>
      )}
    </header>
    <ul class="checkpoints">
      {version.checkpoints.map(({ model, checkpoint, rows }) => (
        <li key={`${model} ${checkpoint}`}>
          <span>{model}</span>
          <span class="mono muted" title={checkpoint}>
            {checkpoint.slice(0, 12)}
          </span>
          <span class="figure">{rows === null ? '' : `${count(rows)} rows`}</span>
        </li>
      ))}
    </ul>
    <details>
      <summary>Recipe, data and scores</summary>
      <Json value={version.detail} />
    </details>
  </article>
);

/** Versions of a set: which is in force, and back to an earlier one. */
export const VersionPanel = ({ set, onChanged }: { readonly set: string; readonly onChanged: () => void }) => {
  const answer = useAnswer('models.show', { params: { set } });
  return (
    <Panel title={`Versions of ${set}`} note={answer.value === null ? undefined : `${answer.value.versions.length}, newest first`}>
      <Answered answer={answer} rows={4}>
        {({ versions }) => (
          <div class="versions">
            {versions.map(version => (
              <VersionCard
                key={version.version}
                set={set}
                version={version}
                onChanged={() => {
                  answer.refresh();
                  onChanged();
                }}
              />
            ))}
          </div>
        )}
      </Answered>
    </Panel>
  );
};
