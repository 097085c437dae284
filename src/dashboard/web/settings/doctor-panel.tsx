import { Answered } from '../parts/answered.js';
import { Badge } from '../parts/badge.js';
import { Button } from '../parts/button.js';
import { Panel } from '../parts/panel.js';
import { useAnswer } from '../state/answer.js';

const LOOKS = {
  ok: { tone: 'gain', word: 'ok' },
  wrong: { tone: 'alarm', word: 'wrong' },
  note: { tone: 'neutral', word: 'note' },
} as const;
const RANK = { wrong: 0, note: 1, ok: 2 } as const;

/** What works on the server's computer, what does not, and how to mend it. */
export const DoctorPanel = () => {
  const answer = useAnswer('system.doctor', {});
  return (
    <Panel
      title="Doctor"
      note="What works on the computer of the server, and what does not"
      aside={
        <Button small onClick={answer.refresh}>
          Look again
        </Button>
      }
    >
      <Answered answer={answer} rows={6}>
        {({ checks }) => (
          <ul class="checks">
            {[...checks]
              .sort((a, b) => RANK[a.status] - RANK[b.status])
              .map(({ name, status, text, fix }) => (
                <li key={name}>
                  <Badge tone={LOOKS[status].tone}>{LOOKS[status].word}</Badge>
                  <span>
                    <strong>{name}</strong> {text}
                    {fix === null ? null : <span class="fix">{fix}</span>}
                  </span>
                </li>
              ))}
          </ul>
        )}
      </Answered>
    </Panel>
  );
};
