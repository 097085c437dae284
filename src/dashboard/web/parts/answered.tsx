import type { ComponentChildren } from 'preact';
import type { Answer } from '../state/answer.js';
import { ErrorNote } from './error-note.js';
import { Loading } from './loading.js';

/** Shows what was answered, or that it loads, or what was refused. An old answer stays in sight while a new one is fetched or refused. */
export const Answered = <T,>({
  answer,
  rows,
  height,
  children,
}: {
  readonly answer: Pick<Answer<T>, 'value' | 'error' | 'refresh'>;
  readonly rows?: number;
  readonly height?: number;
  readonly children: (value: T) => ComponentChildren;
}) => (
  <>
    {answer.error === null ? null : <ErrorNote error={answer.error} retry={answer.refresh} />}
    {answer.value !== null ? (
      children(answer.value)
    ) : answer.error === null ? (
      <Loading {...(rows !== undefined && { rows })} {...(height !== undefined && { height })} />
    ) : null}
  </>
);
