import { factName, readFactName, type FactName } from '../orders/fact-name.js';
import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Code } from '../parts/code.js';
import { Dialog } from '../parts/dialog.js';
import { decimal, money, utc } from '../parts/figures.js';
import { KeyValues } from '../parts/key-values.js';
import { useAnswer } from '../state/answer.js';
import { queryWord, setQuery } from '../state/route.js';
import { stateCommand } from './command-lines.js';
import { readState, type StateList, type StreamState } from './known-state.js';

const asked = queryWord('state');

const TIMES: ReadonlySet<string> = new Set(['expiresAt', 'since']);

const cell = (name: string, value: string | number | boolean | null): string => {
  if (value === null) return '–';
  if (typeof value !== 'number') return String(value);
  if (TIMES.has(name)) return utc(value);
  return Number.isInteger(value) ? decimal(value, 0) : String(Number(value.toPrecision(8)));
};

const PlainTable = ({ title, rows }: StateList) => {
  const names = [...new Set(rows.flatMap(row => Object.keys(row)))];
  return (
    <section>
      <h4>{title}</h4>
      <div class="plain-table" tabIndex={0} role="group" aria-label={title}>
        <table>
          <thead>
            <tr>
              {names.map(name => (
                <th key={name} scope="col" class={rows.some(row => typeof row[name] === 'number') ? 'right' : undefined}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map((row, place) => (
              <tr key={place}>
                {names.map(name => (
                  <td key={name} class={typeof row[name] === 'number' ? 'figure right' : undefined}>
                    {cell(name, row[name] ?? null)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
};

const OfStream = ({ state }: { readonly state: StreamState }) => (
  <section class="stack">
    <h3>{state.name}</h3>
    <KeyValues
      items={[
        ['Cash', <span class="figure">{money(state.cash)}</span>],
        ...(state.risk === null ? [] : [['Risk', `${state.risk.state}${state.risk.text === '' ? '' : `: ${state.risk.text}`}`] as const]),
        ...(state.sizeFactor === null || state.sizeFactor === 1 ? [] : [['Entries sized by', String(state.sizeFactor)] as const]),
        ['State', <span class="mono ellipsis">{state.hash.slice(0, 16)}</span>],
      ]}
    />
    {state.lists.map(each => (
      <PlainTable key={each.title} {...each} />
    ))}
  </section>
);

const Held = ({ account, fact }: { readonly account: string; readonly fact: FactName }) => {
  const answer = useAnswer('accounts.stateAt', {
    params: { account, seq: fact.seq },
    query: { strategy: fact.strategy === '' ? 'account' : fact.strategy },
  });
  const go = (by: number): void => setQuery({ state: factName({ strategy: fact.strategy, seq: fact.seq + by }) });
  return (
    <div class="stack">
      <div class="row">
        <Button small disabled={fact.seq === 0} onClick={() => go(-1)}>
          ← A fact back
        </Button>
        <Button small onClick={() => go(1)}>
          A fact on →
        </Button>
        <Button small kind="quiet" onClick={() => setQuery({ fact: factName(fact), state: null }, false)}>
          The fact itself
        </Button>
      </div>
      <Answered answer={answer} rows={10}>
        {({ document, text }) => <StateText account={account} fact={fact} document={document} text={text} />}
      </Answered>
    </div>
  );
};

const StateText = ({
  account,
  fact,
  document,
  text,
}: {
  readonly account: string;
  readonly fact: FactName;
  readonly document: unknown;
  readonly text: string;
}) => {
  const state = readState(document);
  if (state.streams.length === 0) return <pre class="why-text">{text}</pre>;
  return (
    <>
      <p>
        After {state.type} at <span class="figure">{utc(state.ts)}</span> UTC. {state.text}
      </p>
      {state.recorded === null ? null : state.recorded.isSame ? (
        <p>
          <Badge tone="accent">proved</Badge> The facts give the state that was recorded after {state.recorded.after}.
        </p>
      ) : (
        <p>
          <Badge tone="alarm">differs</Badge> The facts do not give the state that was recorded after {state.recorded.after}. Run quantai
          verify journal.
        </p>
      )}
      {[...state.streams]
        .sort((a, b) => Number(b.name === state.stream) - Number(a.name === state.stream))
        .map(each => (
          <OfStream key={each.name} state={each} />
        ))}
      {state.limits.length === 0 ? null : (
        <PlainTable
          title="Limits in force"
          rows={state.limits.filter(([, value]) => value !== null).map(([limit, value]) => ({ limit, value }))}
        />
      )}
      <section>
        <h3>On the command line</h3>
        <Code text={stateCommand(account, fact)} />
      </section>
    </>
  );
};

/** Time travel: what the account held after a fact; open while the address has `?state=STREAM:SEQ`. */
export const StateSheet = ({ account }: { readonly account: string }) => {
  const fact = readFactName(asked.value);
  return (
    <Dialog
      title={fact === null ? 'State' : `State after ${factName(fact)}`}
      open={fact !== null}
      onClose={() => setQuery({ state: null })}
      sheet
    >
      {fact === null ? null : <Held account={account} fact={fact} />}
    </Dialog>
  );
};
