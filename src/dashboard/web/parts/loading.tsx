/** A quiet block of the final size while something is fetched: `rows` of a table, or a `height` in px. */
export const Loading = ({ rows = 4, height }: { readonly rows?: number; readonly height?: number }) => (
  <div class="loading" role="status" aria-label="Loading" style={height === undefined ? undefined : { height: `${height}px` }}>
    {height === undefined ? Array.from({ length: rows }, (_, at) => <span key={at} class="bone" />) : <span class="bone whole" />}
  </div>
);
