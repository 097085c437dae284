/** A finished page of the workspace, such as a report: in a frame that can run its charts and nothing else of ours. */
export const FramedPage = ({ title, path }: { readonly title: string; readonly path: string }) => (
  <div class="framed">
    <iframe title={title} src={path} sandbox="allow-scripts" loading="lazy" />
  </div>
);

/** Opens such a page in a tab of its own. */
export const OpenAlone = ({ path }: { readonly path: string }) => (
  <a class="button button-plain small" href={path} target="_blank" rel="noreferrer">
    Open alone
  </a>
);
