import { useState } from 'preact/hooks';
import type { PromotionView } from '../../api/promotion-api.js';
import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { money, percent, utcMinute } from '../parts/figures.js';
import { Cell, Grid } from '../parts/grid.js';
import { KeyValues } from '../parts/key-values.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { addressOf } from '../state/route.js';
import { ChangeDialog } from './change-dialog.js';
import { CHANGE_WORDS, type ChangeKind } from './change-form.js';
import { GatesPanel } from './gates-panel.js';
import { ParityPanel } from './parity-panel.js';
import { changesFrom } from './pipeline.js';
import { RampBar } from './ramp-bar.js';
import { rampPlace } from './ramp-steps.js';
import { StageHistory } from './stage-history.js';

/** Who may ask for what, as on the command line. */
const ROLES = {
  paper: ['researcher', 'operator'],
  live: ['operator'],
  ramp: ['operator'],
  demote: ['researcher', 'operator', 'approver'],
  retire: ['researcher', 'operator', 'approver'],
} as const;

const PlacePanel = ({ view: { line, overrides }, steps }: { readonly view: PromotionView; readonly steps: readonly number[] | null }) => {
  const place = line.live ?? line.paper;
  const next = line.live === null || steps === null ? null : rampPlace(line.live.share, steps).next;
  return (
    <Panel title="Where it stands">
      <div class="stack">
        {line.live === null ? null : (
          <div>
            <RampBar share={line.live.share} steps={steps} />
            {steps === null ? null : (
              <p class="muted">
                {next === null ? 'All of the approved size.' : `The next step is ${percent(next, 0)}: ${money(line.live.size * next)}.`}
              </p>
            )}
          </div>
        )}
        <KeyValues
          items={[
            ['Run', <a href={addressOf('/research', { run: line.run })}>{line.run}</a>],
            ...(place === null
              ? []
              : ([
                  ['Account', place.account],
                  ['Venue', place.practice && place.venue !== 'practice' ? `${place.venue} (practice)` : place.venue],
                  ['Approved size', <span class="figure">{money(place.size)}</span>],
                  ['Traded now', <span class="figure">{`${money(place.size * place.share)} (${percent(place.share, 0)})`}</span>],
                  ['Since', <span class="figure">{utcMinute(place.since)} UTC</span>],
                ] as const)),
          ]}
        />
        {overrides.length === 0 ? null : (
          <div>
            <h3>Gates that people opened</h3>
            <ul class="checks">
              {overrides.map(({ gate, reason, by, at }) => (
                <li key={`${gate} ${at}`}>
                  <Badge tone="warn">{gate}</Badge>
                  <span>
                    {reason}{' '}
                    <span class="muted">
                      by {by.join(' and ')}, {utcMinute(at)}
                    </span>
                  </span>
                </li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </Panel>
  );
};

/** Everything about one promotion, and what can be asked for next. */
export const PromotionPage = ({ id, steps }: { readonly id: string; readonly steps: readonly number[] | null }) => {
  const answer = useAnswer('promotions.show', { params: { promotion: id } }, 30_000);
  const [change, setChange] = useState<ChangeKind | null>(null);
  return (
    <Answered answer={answer} height={420}>
      {view => (
        <Grid>
          <Cell span={12}>
            <div class="page-head">
              <a class="back" href={addressOf('/promotion')}>
                ← Promotion
              </a>
              <h2>{view.line.strategy}</h2>
              <Badge tone={view.line.stage === 'live' ? 'accent' : view.line.stage === 'demoted' ? 'loss' : 'neutral'}>
                {view.line.stage}
              </Badge>
              <span class="spacer" />
              {changesFrom(view.line.stage)
                .filter(
                  each =>
                    each !== 'ramp' ||
                    (view.line.live !== null && (steps === null || rampPlace(view.line.live.share, steps).next !== null)),
                )
                .map(each => (
                  <Button
                    key={each}
                    small
                    kind={each === 'retire' || each === 'demote' ? 'plain' : 'primary'}
                    disabled={!hasRole(...ROLES[each])}
                    title={lacksRole(...ROLES[each]) ?? undefined}
                    onClick={() => setChange(each)}
                  >
                    {each === 'live' && view.line.stage === 'live' ? 'Ask for a larger size' : CHANGE_WORDS[each].button}
                  </Button>
                ))}
            </div>
          </Cell>
          <Cell span={7}>
            <div class="stack">
              <GatesPanel gates={view.gates} />
              <ParityPanel parity={view.parity} watch={view.watch} />
            </div>
          </Cell>
          <Cell span={5}>
            <div class="stack">
              <PlacePanel view={view} steps={steps} />
              <StageHistory history={view.history} />
            </div>
          </Cell>
          {change === null ? null : (
            <ChangeDialog change={change} line={view.line} onClose={() => setChange(null)} onDone={answer.refresh} />
          )}
        </Grid>
      )}
    </Answered>
  );
};
