import { Fragment } from 'preact';
import { Dialog } from '../parts/dialog.js';
import { shortcutsOpen } from './shortcuts.js';
import { shownTabs } from './shown-tabs.js';

/** All keys. */
export const ShortcutsDialog = () => (
  <Dialog title="Keyboard shortcuts" open={shortcutsOpen.value} onClose={() => (shortcutsOpen.value = false)}>
    <div class="keys">
      <span>
        <kbd>Shift</kbd> <kbd>H</kbd>
      </span>
      <span>Halt, asks once</span>
      <span>
        <kbd>?</kbd>
      </span>
      <span>This list</span>
      {shownTabs.value.map(({ path, title, key }) => (
        <Fragment key={path}>
          <span>
            <kbd>g</kbd> <kbd>{key}</kbd>
          </span>
          <span>{title}</span>
        </Fragment>
      ))}
      <span>
        <kbd>↑</kbd> <kbd>↓</kbd> <kbd>Enter</kbd>
      </span>
      <span>Move in a table, open a row</span>
      <span>
        <kbd>Esc</kbd>
      </span>
      <span>Close</span>
    </div>
  </Dialog>
);
