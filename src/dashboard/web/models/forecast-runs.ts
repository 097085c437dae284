import { useEffect, useState } from 'preact/hooks';
import type { RunLine } from '../../api/research-api.js';
import { useAnswer, type Answer } from '../state/answer.js';
import { call } from '../state/api.js';

/** Runs that made forecasts which were scored, newest first; null while they are not known. Where nobody can say which, all of them. */
export const useForecastRuns = (): { readonly runs: readonly RunLine[] | null; readonly answer: Answer<{ runs: RunLine[] }> } => {
  const answer = useAnswer('runs.list', { query: { limit: 1000 } });
  const [scored, setScored] = useState<ReadonlySet<string> | 'unknown' | null>(null);
  useEffect(() => {
    let isHere = true;
    call('sql.query', { body: { query: 'SELECT DISTINCT run_id FROM model_metrics' } }).then(
      ({ rows }) => isHere && setScored(new Set(rows.map(([run]) => String(run)))),
      () => isHere && setScored('unknown'),
    );
    return () => {
      isHere = false;
    };
  }, []);
  const all = answer.value?.runs ?? null;
  return { runs: all === null || scored === null ? null : scored === 'unknown' ? all : all.filter(({ run }) => scored.has(run)), answer };
};
