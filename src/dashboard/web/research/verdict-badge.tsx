import { Badge } from '../parts/badge.js';
import { verdictLook } from './verdict.js';

/** How far a result can be believed, or that nobody has judged it. */
export const VerdictBadge = ({ verdict }: { readonly verdict: string | null }) => {
  if (verdict === null) return <Badge>not judged</Badge>;
  const { tone, meaning } = verdictLook(verdict);
  return (
    <Badge tone={tone} title={meaning}>
      {verdict}
    </Badge>
  );
};
