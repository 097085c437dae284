import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { EmptyNote } from '../parts/empty-note.js';
import { ErrorNote } from '../parts/error-note.js';
import { Figure } from '../parts/figure.js';
import { count, ratio } from '../parts/figures.js';
import { KeyValues } from '../parts/key-values.js';
import { Panel } from '../parts/panel.js';
import { toast } from '../parts/toast.js';
import { call } from '../state/api.js';
import { hasRole, lacksRole } from '../state/roles.js';
import { useAction } from '../state/use-action.js';
import type { EvidenceSummary } from './evidence-summary.js';
import { VerdictBadge } from './verdict-badge.js';

const SIGNS = { for: '+', against: '−', neither: '·' } as const;
const CHECK_TONES: Readonly<Record<string, 'gain' | 'warn' | 'alarm' | 'neutral'>> = { pass: 'gain', warn: 'warn', fail: 'alarm' };

const JudgeButton = ({ run, again }: { readonly run: string; readonly again: boolean }) => {
  const action = useAction();
  const judge = async (): Promise<void> => {
    await call('jobs.begin', { body: { kind: 'evidence', run } });
    toast('The evidence is being judged; see Jobs.');
  };
  return (
    <>
      {action.refused === null ? null : <ErrorNote error={action.refused} />}
      <Button
        small
        kind={again ? 'quiet' : 'primary'}
        busy={action.busy}
        disabled={!hasRole('researcher')}
        title={lacksRole('researcher') ?? undefined}
        onClick={() => void action.run(judge)}
      >
        {again ? 'Judge again' : 'Judge the evidence'}
      </Button>
    </>
  );
};

/** How far the result can be believed: the verdict, what speaks for and against, and the figures behind it. */
export const EvidencePanel = ({ run, evidence }: { readonly run: string; readonly evidence: EvidenceSummary | null }) => (
  <Panel title="Evidence" aside={evidence === null ? undefined : <JudgeButton run={run} again />}>
    {evidence === null ? (
      <>
        <EmptyNote title="Nobody has judged this run">
          The verdict weighs costs, luck of the search, leaks, fragility and the length of the record.
        </EmptyNote>
        <JudgeButton run={run} again={false} />
      </>
    ) : (
      <div class="stack">
        <p class="verdict">
          <VerdictBadge verdict={evidence.grade} /> {evidence.sentence}
        </p>
        <ul class="reasons">
          {evidence.reasons.map(({ says, sentence }) => (
            <li key={sentence} class={`says-${says}`}>
              <span aria-label={says === 'neither' ? 'note' : says}>{SIGNS[says]}</span>
              {sentence}
            </li>
          ))}
        </ul>
        <div class="two-columns">
          <KeyValues
            items={evidence.figures.map(({ label, value, reason }) => [
              label,
              <Figure text={Number.isInteger(value) ? count(value) : ratio(value)} {...(reason !== null && { reason })} />,
            ])}
          />
        </div>
        {evidence.checks.length === 0 ? null : (
          <details>
            <summary>{evidence.checks.length} checks</summary>
            <ul class="checks">
              {evidence.checks.map(({ title, verdict, sentence }) => (
                <li key={title}>
                  <Badge tone={CHECK_TONES[verdict] ?? 'neutral'}>{verdict}</Badge>
                  <span>
                    <strong>{title}</strong> {sentence}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
        {evidence.untested.length === 0 ? null : (
          <details>
            <summary>{evidence.untested.length} not tested</summary>
            <ul class="checks">
              {evidence.untested.map(({ what, why }) => (
                <li key={what}>
                  <span>
                    <strong>{what}</strong> {why}
                  </span>
                </li>
              ))}
            </ul>
          </details>
        )}
      </div>
    )}
  </Panel>
);
