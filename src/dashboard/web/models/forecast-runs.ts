import { useEffect, useState } from 'preact/hooks';
import { call } from '../state/api.js';

/** Runs that made forecasts which were scored, newest first; null while it is not known. */
export const useForecastRuns = (): readonly string[] | null => {
  const [runs, setRuns] = useState<readonly string[] | null>(null);
  useEffect(() => {
    let isHere = true;
    call('sql.query', { body: { query: 'SELECT DISTINCT run_id FROM model_metrics' } }).then(
      ({ rows }) => isHere && setRuns(rows.map(([run]) => String(run))),
      () => isHere && setRuns([]),
    );
    return () => {
      isHere = false;
    };
  }, []);
  return runs;
};
