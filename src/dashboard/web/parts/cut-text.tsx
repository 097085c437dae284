/** Text that is cut off where its place ends, and shown whole on hover. */
export const CutText = ({ text, look }: { readonly text: string; readonly look?: 'mono' | 'muted' }) => (
  <span class={look === undefined ? 'ellipsis' : `ellipsis ${look}`} title={text}>
    {text}
  </span>
);
