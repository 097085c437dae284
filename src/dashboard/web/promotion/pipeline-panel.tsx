import type { PromotionLine } from '../../api/promotion-api.js';
import { Badge } from '../parts/badge.js';
import { EmptyNote } from '../parts/empty-note.js';
import { money, percent, utcDay } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { addressOf } from '../state/route.js';
import { pipelineOf } from './pipeline.js';
import { RampBar } from './ramp-bar.js';

const Card = ({ line, steps }: { readonly line: PromotionLine; readonly steps: readonly number[] | null }) => {
  const place = line.live ?? line.paper;
  return (
    <a class="promotion-card" href={addressOf('/promotion', { promotion: line.id })}>
      <span class="promotion-name">
        {line.strategy}
        {line.stage === 'demoted' ? <Badge tone="loss">demoted</Badge> : null}
        {place?.practice === true ? <Badge tone="practice">practice</Badge> : null}
        {line.overrides.length === 0 ? null : (
          <Badge tone="warn" title={`Gates that people opened: ${line.overrides.join(', ')}`}>
            {line.overrides.length} overridden
          </Badge>
        )}
      </span>
      {place === null ? (
        <span class="muted">run {line.run}</span>
      ) : (
        <span class="muted">
          {place.account} at {place.venue}
        </span>
      )}
      {line.live === null ? null : (
        <>
          <RampBar share={line.live.share} steps={steps} />
          <span class="promotion-size figure">
            {money(line.live.size * line.live.share)} of {money(line.live.size)} ({percent(line.live.share, 0)})
          </span>
        </>
      )}
      <span class="muted figure">{line.at === null ? '' : `since ${utcDay(place?.since ?? line.at)}`}</span>
    </a>
  );
};

/** Who stands where on the way from research to money. */
export const PipelinePanel = ({
  promotions,
  steps,
}: {
  readonly promotions: readonly PromotionLine[];
  readonly steps: readonly number[] | null;
}) => {
  const { columns, retired } = pipelineOf(promotions);
  if (promotions.length === 0)
    return (
      <Panel title="Nothing yet">
        <EmptyNote
          title="Nothing is on its way"
          command="quantai promote my.ts --run my-btc-3f9a12cd --to paper --venue practice --symbols BTC/USDT:USDT"
        >
          A strategy comes here with the run that it is promoted on. Use “Promote to paper”, or the command line:
        </EmptyNote>
      </Panel>
    );
  return (
    <>
      <div class="pipeline">
        {columns.map(({ stage, title, note, cards }) => (
          <section key={stage} class={`pipeline-column column-${stage}`} aria-label={title}>
            <header>
              <h2>{title}</h2>
              <span class="count figure">{cards.length}</span>
              <p class="muted">{note}</p>
            </header>
            {cards.length === 0 ? (
              <p class="pipeline-none muted">None</p>
            ) : (
              cards.map(line => <Card key={line.id} line={line} steps={steps} />)
            )}
          </section>
        ))}
      </div>
      {retired.length === 0 ? null : (
        <details class="retired">
          <summary>{retired.length} retired</summary>
          <div class="retired-cards">
            {retired.map(line => (
              <Card key={line.id} line={line} steps={steps} />
            ))}
          </div>
        </details>
      )}
    </>
  );
};
