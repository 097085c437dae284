import { Badge } from '../parts/badge.js';
import { verdictLook } from './verdict.js';

/** How far a result can be believed; a dash where nobody judged it. */
export const VerdictBadge = ({ verdict }: { readonly verdict: string | null }) => {
  if (verdict === null) return <span class="muted">not judged</span>;
  const { tone, meaning } = verdictLook(verdict);
  return (
    <Badge tone={tone} title={meaning}>
      {verdict}
    </Badge>
  );
};
