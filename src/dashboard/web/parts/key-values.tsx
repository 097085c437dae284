import type { ComponentChildren } from 'preact';

/** Names and what they are, one a line. */
export const KeyValues = ({ items }: { readonly items: readonly (readonly [string, ComponentChildren])[] }) => (
  <dl class="key-values">
    {items.map(([name, value]) => (
      <div key={name}>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
