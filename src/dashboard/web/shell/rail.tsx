import { me } from '../state/api.js';
import { addressOf, place } from '../state/route.js';
import { Icon } from './icon.js';
import { shownTabs } from './shown-tabs.js';

const GROUPS = ['Trading', 'Research', 'Workspace'] as const;

/** The pages, in groups. `onGo` is told when one was chosen. */
export const Rail = ({ onGo }: { readonly onGo?: () => void }) => (
  <nav class="rail" aria-label="Pages">
    <a class="brand" href={addressOf('/')} onClick={onGo}>
      <img src="/icon.svg" alt="" width={22} height={22} />
      QuantAI-Trad
    </a>
    {GROUPS.map(group => (
      <div key={group}>
        <h2>{group}</h2>
        <ul>
          {shownTabs.value
            .filter(tab => tab.group === group)
            .map(({ path, title, key }) => (
              <li key={path}>
                <a
                  href={addressOf(path)}
                  aria-current={place.value.path === path ? 'page' : undefined}
                  title={`Keys: g ${key}`}
                  onClick={onGo}
                >
                  <Icon name={path} />
                  {title}
                </a>
              </li>
            ))}
        </ul>
      </div>
    ))}
    <p class="rail-foot">
      {me.value?.workspace.split('/').at(-1) ?? ''} · {me.value?.version ?? ''}
    </p>
  </nav>
);
