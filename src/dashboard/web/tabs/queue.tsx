import { Answered } from '../parts/answered.js';
import { Cell, Grid } from '../parts/grid.js';
import { QueueTiles } from '../queue/queue-tiles.js';
import { RunsPanel } from '../queue/runs-panel.js';
import { SetAsidePanel } from '../queue/set-aside-panel.js';
import { WorkersPanel } from '../queue/workers-panel.js';
import '../research/page-shapes.css';
import '../queue/queue.css';
import { useAnswer } from '../state/answer.js';

/** The queue of jobs: its workers, the runs that wait, what was set aside, and the way to single jobs. */
export default function Queue() {
  const answer = useAnswer('queue.show', {}, 3_000);
  return (
    <div class="study">
      <Answered answer={answer} height={320}>
        {queue => (
          <Grid>
            <Cell span={12}>
              <QueueTiles queue={queue} />
            </Cell>
            <Cell span={12}>
              <RunsPanel runs={queue.runs} />
            </Cell>
            <Cell span={12}>
              <WorkersPanel workers={queue.workers} />
            </Cell>
            <Cell span={12}>
              <SetAsidePanel quarantined={queue.quarantined} alarms={queue.alarms} />
            </Cell>
          </Grid>
        )}
      </Answered>
    </div>
  );
}
