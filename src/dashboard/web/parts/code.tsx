import { CopyButton } from './copy-button.js';

/** Text to copy, such as a command: one block with a button. */
export const Code = ({ text, copy = true }: { readonly text: string; readonly copy?: boolean }) => (
  <div class="code">
    <pre tabIndex={0}>
      <code>{text}</code>
    </pre>
    {copy ? <CopyButton text={text} /> : null}
  </div>
);

/** Any JSON, indented. */
export const Json = ({ value }: { readonly value: unknown }) => <Code text={JSON.stringify(value, null, 2) ?? 'null'} />;
