import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { Code } from '../parts/code.js';
import { Dialog } from '../parts/dialog.js';
import { useAnswer } from '../state/answer.js';
import { queryWord, setQuery } from '../state/route.js';
import { whyCommand } from '../journal/command-lines.js';
import { CausalSteps } from './causal-steps.js';
import { readWhy } from './explanation.js';
import { factName, readFactName, type FactName } from './fact-name.js';
import { OrderLife } from './order-life.js';
import './orders.css';

const asked = queryWord('why');

const Reasons = ({ account, fact }: { readonly account: string; readonly fact: FactName }) => {
  const answer = useAnswer('accounts.why', {
    params: { account, seq: fact.seq },
    query: { strategy: fact.strategy === '' ? 'account' : fact.strategy },
  });
  return (
    <Answered answer={answer} rows={10}>
      {({ document, text }) => {
        const why = readWhy(document);
        return (
          <div class="stack">
            <p>
              {why.orderId === null ? null : (
                <>
                  Order <span class="mono">{why.orderId}</span>
                  {why.symbol === null ? '. ' : ` of ${why.symbol}. `}
                </>
              )}
              {why.verdict}
            </p>
            {why.orderId === null ? null : (
              <section>
                <h3>Life of the order</h3>
                <OrderLife account={account} strategy={fact.strategy} orderId={why.orderId} />
              </section>
            )}
            <section>
              <h3>How it came about {why.isComplete ? null : <Badge tone="warn">incomplete: as far as the journal says</Badge>}</h3>
              {why.steps.length === 0 ? (
                <pre class="why-text">{text}</pre>
              ) : (
                <CausalSteps steps={why.steps} stream={why.stream} chosen={why.fact} />
              )}
              {why.note === null ? null : <p class="muted">{why.note}</p>}
            </section>
            {why.consequences.length === 0 ? null : (
              <section>
                <h3>What came after it</h3>
                <CausalSteps steps={why.consequences} stream={why.stream} chosen={why.fact} />
              </section>
            )}
            <section>
              <h3>On the command line</h3>
              <Code text={whyCommand(account, fact)} />
            </section>
          </div>
        );
      }}
    </Answered>
  );
};

/** Why a fact came about, back to the bar, beside the page; open while the address has `?why=STREAM:SEQ`. A page puts it in once. */
export const WhySheet = ({ account }: { readonly account: string }) => {
  const fact = readFactName(asked.value);
  return (
    <Dialog title={fact === null ? 'Why' : `Why ${factName(fact)}`} open={fact !== null} onClose={() => setQuery({ why: null })} sheet>
      {fact === null ? null : <Reasons key={factName(fact)} account={account} fact={fact} />}
    </Dialog>
  );
};
