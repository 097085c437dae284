import type { JobView } from '../../api/research-api.js';
import { useAnswer, type Answer } from '../state/answer.js';
import { jobs } from '../state/stream.js';

/** Jobs as the stream tells them, and until it speaks as they were asked for once. */
export const useJobs = (): Answer<readonly JobView[]> => {
  const answer = useAnswer('jobs.list', {});
  return { ...answer, value: jobs.value ?? answer.value?.jobs ?? null, error: jobs.value === null ? answer.error : null };
};
