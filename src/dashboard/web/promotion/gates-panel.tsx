import type { Gate, PromotionView } from '../../api/promotion-api.js';
import { Badge } from '../parts/badge.js';
import { EmptyNote } from '../parts/empty-note.js';
import { decimal, utcMinute } from '../parts/figures.js';
import { Panel } from '../parts/panel.js';
import { gateCount, worstFirst } from './gate-count.js';

const LOOKS = {
  pass: { sign: '✓', word: 'pass', tone: 'gain' },
  fail: { sign: '✕', word: 'fail', tone: 'loss' },
  'cannot-tell': { sign: '?', word: 'cannot tell', tone: 'warn' },
} as const;

/** A figure in as many decimals as it needs to be told from its limit. */
const plain = (value: number | null): string =>
  value === null ? '–' : Number.isInteger(value) ? decimal(value, 0) : decimal(value, Math.abs(value) < 10 ? 3 : 1);

const GateLine = ({ gate }: { readonly gate: Gate }) => {
  const look = LOOKS[gate.verdict];
  return (
    <li class={`gate-line gate-is-${gate.verdict}`}>
      <span class="gate-sign" aria-hidden="true">
        {look.sign}
      </span>
      <div class="gate-words">
        <p>
          <strong>{gate.title}</strong> <Badge tone={look.tone}>{look.word}</Badge>
          {gate.verdict !== 'pass' && !gate.overridable ? <span class="muted"> no approval opens it</span> : null}
        </p>
        <p>{gate.sentence}</p>
        {gate.change === '' ? null : <p class="muted">{gate.change}</p>}
      </div>
      <dl class="gate-figures figure">
        <div>
          <dt>found</dt>
          <dd>{plain(gate.figure)}</dd>
        </div>
        <div>
          <dt>asked for</dt>
          <dd>{plain(gate.limit)}</dd>
        </div>
      </dl>
    </li>
  );
};

/** What the gates of a stage said when they were judged last: what stands in the way first. */
export const GatesPanel = ({ gates }: { readonly gates: PromotionView['gates'] }) => (
  <>
    {gates.length === 0 ? (
      <Panel title="Gates">
        <EmptyNote title="No gates were judged yet">They are judged when the next stage is asked for.</EmptyNote>
      </Panel>
    ) : (
      [...gates].reverse().map(({ to, at, results }) => {
        const { pass, fail, unclear } = gateCount(results);
        return (
          <Panel
            key={to}
            title={to === 'ramp' ? 'Gates of the next step' : `Gates to ${to}`}
            note={`${pass} pass, ${fail} fail, ${unclear} cannot tell; judged ${utcMinute(at)} UTC`}
          >
            <ul class="gates">
              {worstFirst(results).map(gate => (
                <GateLine key={gate.gate} gate={gate} />
              ))}
            </ul>
          </Panel>
        );
      })
    )}
  </>
);
