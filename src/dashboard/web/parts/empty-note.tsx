import type { ComponentChildren } from 'preact';
import { Code } from './code.js';

/** Says that there is nothing yet, and what would bring something: words, or a command to type. */
export const EmptyNote = ({
  title,
  command,
  children,
}: {
  readonly title: string;
  readonly command?: string | undefined;
  readonly children?: ComponentChildren;
}) => (
  <div class="empty-note">
    <p class="empty-title">{title}</p>
    {children === undefined ? null : <div class="empty-text">{children}</div>}
    {command === undefined ? null : <Code text={command} />}
  </div>
);
