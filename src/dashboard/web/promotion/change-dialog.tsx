import { useState } from 'preact/hooks';
import type { PromotionLine } from '../../api/promotion-api.js';
import { Answered } from '../parts/answered.js';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { ErrorNote } from '../parts/error-note.js';
import { NumberField } from '../parts/number-field.js';
import { SelectField } from '../parts/select-field.js';
import { TextField } from '../parts/text-field.js';
import { useAnswer } from '../state/answer.js';
import { call, refusalOf } from '../state/api.js';
import { useAction } from '../state/use-action.js';
import { CHANGE_WORDS, changeBody, changeFaults, changeFields, draftOf, type ChangeDraft, type ChangeKind } from './change-form.js';
import { TypedSentence } from './typed-sentence.js';
import { isTyped, wantedSentence } from './wanted-sentence.js';

const RunField = ({
  draft,
  error,
  onChange,
}: {
  readonly draft: ChangeDraft;
  readonly error: string | null;
  readonly onChange: (run: string, strategy: string) => void;
}) => {
  const answer = useAnswer('runs.list', { query: { limit: 1000 } });
  return (
    <Answered answer={answer} rows={1}>
      {({ runs }) => (
        <SelectField
          label="Run that speaks for it"
          value={draft.run}
          error={error}
          hint="A walk-forward whose evidence was judged"
          onChange={run => onChange(run, runs.find(each => each.run === run)?.strategy ?? draft.strategy)}
          options={[
            { value: '', text: 'Choose …' },
            ...runs
              .filter(({ command }) => command === 'walkforward' || command === 'backtest')
              .map(({ run, strategy, dataset, command, verdict }) => ({
                value: run,
                text: `${strategy} on ${dataset}, ${command}, ${verdict ?? 'not judged'} (${run})`,
              })),
          ]}
        />
      )}
    </Answered>
  );
};

/** Asks for a change of stage. Where the server wants a sentence typed, it is shown and asked for; the second time the change is asked for with it. */
export const ChangeDialog = ({
  change,
  line,
  onClose,
  onDone,
}: {
  readonly change: ChangeKind;
  readonly line: PromotionLine | null;
  readonly onClose: () => void;
  readonly onDone: () => void;
}) => {
  const [draft, setDraft] = useState(() => draftOf(change, line));
  const [isTried, setTried] = useState(false);
  const { busy, refused, run } = useAction();
  const [sentence, setSentence] = useState<string | null>(null);
  const [said, setSaid] = useState<string | null>(null);
  const words = CHANGE_WORDS[change];
  const fields = changeFields(change);
  const faults = changeFaults(draft);
  const fault = (field: keyof ChangeDraft): string | null => (isTried ? (faults[field] ?? null) : null);
  const set = (more: Partial<ChangeDraft>): void => {
    setDraft({ ...draft, ...more });
    // Other terms have another sentence.
    if (!('typed' in more) && !('passphrase' in more)) setSentence(null);
  };
  const isReady = sentence === null || isTyped(draft.typed, sentence);
  const go = async (): Promise<void> => {
    try {
      const answer = await call('promotions.change', { body: changeBody(sentence === null ? { ...draft, typed: '' } : draft) });
      setSaid(answer.text);
      onDone();
    } catch (error) {
      const { code, fix } = refusalOf(error);
      const wanted = wantedSentence(code, fix);
      if (wanted === null) throw error;
      setSentence(wanted);
      setDraft(before => ({ ...before, typed: '' }));
    } finally {
      setDraft(before => ({ ...before, passphrase: '' }));
    }
  };
  return (
    <Dialog
      open
      title={line === null ? words.title : `${words.title}: ${line.strategy}`}
      onClose={onClose}
      onSubmit={
        said === null
          ? () => {
              setTried(true);
              if (Object.keys(faults).length === 0) void run(go);
            }
          : undefined
      }
      actions={
        said !== null ? (
          <Button kind="primary" onClick={onClose}>
            Close
          </Button>
        ) : (
          <>
            <Button onClick={onClose}>Cancel</Button>
            <Button type="submit" kind={change === 'demote' || change === 'retire' ? 'danger' : 'primary'} busy={busy} disabled={!isReady}>
              {sentence === null ? words.button : 'Agree'}
            </Button>
          </>
        )
      }
    >
      {said !== null ? (
        <pre class="said">{said}</pre>
      ) : (
        <div class="stack">
          <p>{words.text}</p>
          {fields.has('run') ? <RunField draft={draft} error={fault('run')} onChange={(run, strategy) => set({ run, strategy })} /> : null}
          <div class="fields">
            {fields.has('strategy') ? (
              <TextField label="Strategy" value={draft.strategy} error={fault('strategy')} onInput={strategy => set({ strategy })} />
            ) : null}
            {fields.has('account') ? (
              <TextField label="Account" value={draft.account} error={fault('account')} onInput={account => set({ account })} />
            ) : null}
            {fields.has('venue') ? (
              <TextField label="Venue" value={draft.venue} error={fault('venue')} onInput={venue => set({ venue })} />
            ) : null}
            {fields.has('symbols') ? (
              <TextField
                label="Symbols"
                value={draft.symbols}
                placeholder="BTC/USDT:USDT, …"
                hint="With commas between"
                onInput={symbols => set({ symbols })}
              />
            ) : null}
            {fields.has('timeframe') ? (
              <TextField
                label="Timeframe"
                value={draft.timeframe}
                placeholder="1h"
                error={fault('timeframe')}
                onInput={timeframe => set({ timeframe })}
              />
            ) : null}
            {fields.has('size') ? (
              <NumberField
                label="Size"
                unit="settlement asset"
                value={draft.size}
                min={0}
                error={fault('size')}
                hint="All of it, at the top of the ramp"
                onInput={size => set({ size })}
              />
            ) : null}
          </div>
          {fields.has('reason') ? (
            <TextField label="Reason" value={draft.reason} error={fault('reason')} lines={2} onInput={reason => set({ reason })} />
          ) : null}
          {sentence === null ? null : <TypedSentence sentence={sentence} typed={draft.typed} onInput={typed => set({ typed })} />}
          {fields.has('passphrase') ? (
            <TextField
              label="Passphrase of your signing key"
              type="password"
              value={draft.passphrase}
              hint="Only where the workspace has people with keys. It is kept nowhere"
              onInput={passphrase => set({ passphrase })}
            />
          ) : null}
          {refused === null ? null : <ErrorNote error={refused} />}
        </div>
      )}
    </Dialog>
  );
};
