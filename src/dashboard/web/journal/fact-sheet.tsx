import type { FactLine } from '../../api/accounts-api.js';
import { factName, readFactName, type FactName } from '../orders/fact-name.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Code, Json } from '../parts/code.js';
import { Dialog } from '../parts/dialog.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { span, utc } from '../parts/figures.js';
import { KeyValues } from '../parts/key-values.js';
import { Loading } from '../parts/loading.js';
import { addressOf, place, queryWord, setQuery } from '../state/route.js';
import { sqlCommand, whyCommand } from './command-lines.js';
import { factTone } from './fact-tone.js';
import { useFact } from './use-fact.js';

const asked = queryWord('fact');

/** Opens a fact beside the journal; Back goes to the one before. */
export const openFact = (fact: FactName): void => setQuery({ fact: factName(fact), state: null, why: null }, false);

const FactLink = ({ fact }: { readonly fact: FactName }) => (
  <a class="mono" href={addressOf('/journal', { ...Object.fromEntries(place.value.query), fact: factName(fact) })}>
    {factName(fact)}
  </a>
);

const exact = (ts: number): string => `${utc(ts)}.${String(((ts % 1000) + 1000) % 1000).padStart(3, '0')} UTC`;

const Details = ({
  account,
  fact,
  loaded,
}: {
  readonly account: string;
  readonly fact: FactLine;
  readonly loaded: readonly FactLine[];
}) => {
  const { strategy, seq, causationId, correlationId, ts, knownAt } = fact;
  const caused = loaded.filter(each => each.strategy === strategy && each.causationId === seq);
  return (
    <div class="stack">
      <p>
        <Badge tone={factTone(fact.type)}>{fact.type}</Badge>
      </p>
      <p>{fact.text}</p>
      <div class="row">
        <Button small onClick={() => setQuery({ why: factName(fact), fact: null }, false)}>
          Why
        </Button>
        <Button small onClick={() => setQuery({ state: factName(fact), fact: null }, false)}>
          State here
        </Button>
        <Button small disabled={seq === 0} label="Fact before it in its stream" onClick={() => openFact({ strategy, seq: seq - 1 })}>
          ← Before
        </Button>
        <Button small label="Fact after it in its stream" onClick={() => openFact({ strategy, seq: seq + 1 })}>
          After →
        </Button>
      </div>
      <KeyValues
        items={[
          ['Position', <span class="figure">{fact.position}</span>],
          ['Happened', <span class="figure">{exact(ts)}</span>],
          ['Known', knownAt === ts ? 'at once' : `${span(knownAt - ts)} later`],
          ['Caused by', causationId < 0 ? 'something of the market' : <FactLink fact={{ strategy, seq: causationId }} />],
          [
            'Belongs to',
            correlationId === seq ? 'itself' : correlationId < 0 ? 'no intent' : <FactLink fact={{ strategy, seq: correlationId }} />,
          ],
          ...(caused.length === 0
            ? []
            : [
                [
                  'Led to',
                  <span class="row">
                    {caused.slice(0, 12).map(each => (
                      <span key={each.position} title={each.type}>
                        <FactLink fact={each} />
                      </span>
                    ))}
                  </span>,
                ] as const,
              ]),
        ]}
      />
      <section>
        <h3>Payload</h3>
        <Json value={fact.payload} />
      </section>
      <section class="stack">
        <h3>On the command line</h3>
        <Code text={whyCommand(account, fact)} />
        <Code text={sqlCommand(account, fact)} />
      </section>
    </div>
  );
};

const Found = ({ account, name, loaded }: { readonly account: string; readonly name: FactName; readonly loaded: readonly FactLine[] }) => {
  const { fact, isMissing, answer } = useFact(account, name, loaded);
  if (fact !== null) return <Details account={account} fact={fact} loaded={loaded} />;
  if (answer.error !== null) return <ErrorNote error={answer.error} retry={answer.refresh} />;
  return isMissing ? <EmptyNote title={`The journal has no fact ${factName(name)}.`} /> : <Loading rows={10} />;
};

/** One fact with its payload, its causes and where to go from it; open while the address has `?fact=STREAM:SEQ`. */
export const FactSheet = ({ account, loaded }: { readonly account: string; readonly loaded: readonly FactLine[] }) => {
  const name = readFactName(asked.value);
  return (
    <Dialog title={name === null ? 'Fact' : `Fact ${factName(name)}`} open={name !== null} onClose={() => setQuery({ fact: null })} sheet>
      {name === null ? null : <Found key={factName(name)} account={account} name={name} loaded={loaded} />}
    </Dialog>
  );
};
