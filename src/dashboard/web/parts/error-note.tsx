import { Button } from './button.js';
import type { Refused } from './refused.js';

/** What was refused: the sentence, how to mend it, and a way to try again. Takes a `Refusal` of `state/api.ts` as it is. */
export const ErrorNote = ({ error, retry }: { readonly error: Refused; readonly retry?: (() => void) | undefined }) => (
  <div class="error-note" role="alert">
    <p>{error.message}</p>
    {error.fix === null ? null : <p class="error-fix">{error.fix}</p>}
    {retry === undefined ? null : (
      <Button small onClick={retry}>
        Try again
      </Button>
    )}
  </div>
);
