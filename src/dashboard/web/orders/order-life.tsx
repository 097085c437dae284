import { useEffect, useState } from 'preact/hooks';
import type { FactLine } from '../../api/accounts-api.js';
import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { span, utc } from '../parts/figures.js';
import { useAnswer } from '../state/answer.js';
import { onFacts } from '../state/stream.js';
import { codeText } from './code-words.js';
import { orderIdOf, orderLatencies, orderTimeline } from './order-timeline.js';

/** A fill may have happened before the answer that was heard first. */
const since = (ms: number | null): string => (ms === null ? '' : ms < 0 ? span(ms) : `+${span(ms)}`);

/** The life of an order as a timeline, from its approval on, and on while it lives. */
export const OrderLife = ({
  account,
  strategy,
  orderId,
}: {
  readonly account: string;
  readonly strategy: string;
  readonly orderId: string;
}) => {
  const asked = useAnswer('accounts.facts', {
    params: { account },
    query: { strategy, text: orderId, limit: 1000 },
  });
  const [heard, setHeard] = useState<readonly FactLine[]>([]);
  useEffect(() => {
    setHeard([]);
    return onFacts(facts => {
      const own = facts.filter(fact => fact.strategy === strategy && orderIdOf(fact) === orderId);
      if (own.length > 0) setHeard(before => [...before, ...own]);
    });
  }, [strategy, orderId]);
  return (
    <Answered answer={asked} rows={5}>
      {({ facts }) => {
        const steps = orderTimeline([...facts, ...heard], orderId);
        const { accept, fill } = orderLatencies(steps);
        return (
          <>
            <p class="muted">
              Answer of the venue after {accept === null ? '–' : span(accept)}, first trade after {fill === null ? '–' : span(fill)}.
            </p>
            <ol class="life">
              {steps.map(step => (
                <li key={step.position} class={`life-${step.tone}`}>
                  <p class="life-head">
                    <Badge tone={step.tone}>{step.event}</Badge>
                    <span class="figure muted">{utc(step.at)}</span>
                    <span class="figure life-since" title="Since the step before">
                      {since(step.since)}
                    </span>
                    {step.heardAfter > 0 ? (
                      <span class="figure muted" title="How long after it happened we knew">
                        heard +{span(step.heardAfter)}
                      </span>
                    ) : null}
                  </p>
                  <p>{step.text}</p>
                  {step.code === null ? null : <p class="muted">{codeText(step.code)}</p>}
                </li>
              ))}
            </ol>
            {steps.length === 0 ? <p class="muted">The journal has no fact of this order.</p> : null}
          </>
        );
      }}
    </Answered>
  );
};
