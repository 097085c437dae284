import { useState } from 'preact/hooks';
import { Answered } from '../parts/answered.js';
import { Button } from '../parts/button.js';
import { Cell, Grid } from '../parts/grid.js';
import { ApprovalsPanel } from '../promotion/approvals-panel.js';
import { AuditPanel } from '../promotion/audit-panel.js';
import { ChangeDialog } from '../promotion/change-dialog.js';
import { PipelinePanel } from '../promotion/pipeline-panel.js';
import { PromotionPage } from '../promotion/promotion-page.js';
import { rampSteps } from '../promotion/ramp-steps.js';
import '../research/page-shapes.css';
import '../promotion/promotion.css';
import { useAnswer } from '../state/answer.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { place } from '../state/route.js';

/** From research to money: who stands where, what waits for whom, and the record of it. `?promotion=` shows one. */
export default function Promotion() {
  const id = place.value.query.get('promotion');
  const steps = rampSteps(useAnswer('settings.list', {}).value?.settings ?? null);
  const promotions = useAnswer('promotions.list', id === null ? {} : null, 20_000);
  const approvals = useAnswer('approvals.list', id === null ? {} : null, 20_000);
  const [isNew, setNew] = useState(false);
  if (id !== null)
    return (
      <div class="study">
        <PromotionPage key={id} id={id} steps={steps} />
      </div>
    );
  return (
    <div class="study">
      <Grid>
        <Cell span={12}>
          <div class="page-head">
            <h2>Pipeline</h2>
            <span class="spacer" />
            <Button
              kind="primary"
              disabled={!hasRole('researcher', 'operator')}
              title={lacksRole('researcher', 'operator') ?? undefined}
              onClick={() => setNew(true)}
            >
              Promote to paper
            </Button>
          </div>
        </Cell>
        <Cell span={12}>
          <Answered answer={promotions} height={260}>
            {value => <PipelinePanel promotions={value.promotions} steps={steps} />}
          </Answered>
        </Cell>
        <Cell span={12}>
          <Answered answer={approvals} rows={3}>
            {value => (
              <ApprovalsPanel
                requests={value.requests}
                onDone={() => {
                  approvals.refresh();
                  promotions.refresh();
                }}
              />
            )}
          </Answered>
        </Cell>
        <Cell span={12}>
          <AuditPanel />
        </Cell>
        {isNew ? <ChangeDialog change="paper" line={null} onClose={() => setNew(false)} onDone={promotions.refresh} /> : null}
      </Grid>
    </div>
  );
}
