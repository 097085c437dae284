import { Button } from '../parts/button.js';
import type { PagedRows } from './use-paged-rows.js';

/** Loads the next older page of a list. Its place is kept when there is none. */
export const OlderButton = ({ list }: { readonly list: Pick<PagedRows<unknown>, 'value' | 'hasOlder' | 'isLoadingOlder' | 'older'> }) => (
  <div class="older">
    {list.hasOlder ? (
      <Button small busy={list.isLoadingOlder} onClick={list.older}>
        Older
      </Button>
    ) : (
      <span class="muted">{list.value === null || list.value.length === 0 ? '\u00a0' : 'That is all.'}</span>
    )}
  </div>
);
