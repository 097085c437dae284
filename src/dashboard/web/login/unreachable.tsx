/** No server answers. It is asked again all the while. */
export const Unreachable = () => (
  <div class="gate">
    <main class="gate-box" aria-live="polite">
      <h1>The server does not answer</h1>
      <p class="muted">This page comes back by itself when it does. Is quantai dashboard still running?</p>
    </main>
  </div>
);
