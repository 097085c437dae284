import type { JobView } from '../../api/research-api.js';
import { useAnswer, type Answer } from '../state/answer.js';
import { jobs } from '../state/stream.js';

/** Jobs as the stream tells them, and until it speaks as they were asked for once. */
export const useJobs = (): { readonly jobs: readonly JobView[] | null; readonly answer: Answer<{ jobs: JobView[] }> } => {
  const answer = useAnswer('jobs.list', {});
  return { jobs: jobs.value ?? answer.value?.jobs ?? null, answer };
};
