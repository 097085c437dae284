import { Code } from '../parts/code.js';
import { TextField } from '../parts/text-field.js';
import { isTyped } from './wanted-sentence.js';

/** The sentence that names what is at stake, to be typed by whoever agrees. It cannot be copied from here. */
export const TypedSentence = ({
  sentence,
  typed,
  onInput,
}: {
  readonly sentence: string;
  readonly typed: string;
  readonly onInput: (typed: string) => void;
}) => (
  <div class="typed-sentence">
    <p>To agree, type this sentence:</p>
    <Code text={sentence} copy={false} />
    <TextField
      label="The sentence"
      value={typed}
      onInput={onInput}
      mono
      lines={3}
      error={typed.trim() === '' || sentence.startsWith(typed.trim().replace(/\s+/g, ' ')) ? null : 'It differs.'}
      hint={isTyped(typed, sentence) ? 'It is the sentence.' : 'Word by word'}
    />
  </div>
);
