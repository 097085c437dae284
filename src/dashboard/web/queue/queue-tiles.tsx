import type { AnswerOf } from '../../api/endpoints.js';
import { Badge } from '../parts/badge.js';
import { count } from '../parts/figures.js';
import { Tile, Tiles } from '../parts/tile.js';
import { lacksRole } from '../state/roles.js';

/** How many jobs are where, and the way to each of them. */
export const QueueTiles = ({ queue }: { readonly queue: AnswerOf<'queue.show'> }) => {
  const { counts, workers, server, name, paused, quarantined, alarms } = queue;
  const alive = workers.filter(worker => worker.alive);
  const threads = alive.reduce((sum, worker) => sum + worker.threads, 0);
  const held = counts.delayed + counts.waitingChildren;
  const aside = quarantined.length + alarms.length;
  return (
    <>
      <div class="page-head queue-head">
        <p>
          <strong class="mono">{name}</strong> <span class="muted">in {server}</span> {paused ? <Badge tone="warn">paused</Badge> : null}
        </p>
        <span class="gap" />
        <a
          class="button button-primary small"
          href={`/queue/board/queue/${encodeURIComponent(name)}`}
          title={lacksRole('researcher', 'operator') === null ? 'Every job; retry, promote, clean' : 'Every job, to look at'}
        >
          <span class="button-text">All jobs</span>
        </a>
      </div>
      <Tiles>
        <Tile
          label="Workers"
          value={count(alive.length)}
          delta={alive.length === 0 ? 'nobody does jobs' : `${count(threads)} ${threads === 1 ? 'thread' : 'threads'}`}
          tone={alive.length === 0 ? 'warn' : 'neutral'}
        />
        <Tile label="At work" value={count(counts.active)} delta="jobs" />
        <Tile label="Waiting" value={count(counts.waiting)} delta={held === 0 ? 'jobs' : `and ${count(held)} held back`} />
        <Tile label="Failed" value={count(counts.failed)} delta="of the last day" />
        <Tile label="Set aside" value={count(aside)} delta="quarantine and alarms" tone={aside > 0 ? 'alarm' : 'neutral'} />
      </Tiles>
    </>
  );
};
