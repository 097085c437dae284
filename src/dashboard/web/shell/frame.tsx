import { useEffect, useRef, useState } from 'preact/hooks';
import { Button } from '../parts/button.js';
import { Dialog } from '../parts/dialog.js';
import { Toasts } from '../parts/toast.js';
import { place } from '../state/route.js';
import { TABS } from '../tabs.js';
import { AccountChoice } from './account-choice.js';
import { AlarmMenu } from './alarm-menu.js';
import { Banners } from './banners.js';
import { ConnectionState } from './connection-state.js';
import { followAlarms } from './follow-alarms.js';
import { followTitle } from './follow-title.js';
import { HaltButton, HaltDialog } from './halt.js';
import { Icon } from './icon.js';
import { MarketClock } from './market-clock.js';
import { Outlet } from './outlet.js';
import { Rail } from './rail.js';
import { followKeys } from './shortcuts.js';
import { ShortcutsDialog } from './shortcuts-dialog.js';
import { StatePill } from './state-pill.js';
import { UserMenu } from './user-menu.js';

/** What stands around every page: navigation, account, state, and the halt button, in the header and at phone width in the bar at the bottom. */
export const Frame = () => {
  const [menu, setMenu] = useState(false);
  const main = useRef<HTMLElement>(null);
  const path = place.value.path;
  const tab = TABS.find(each => each.path === path) ?? TABS[0]!;
  const before = useRef(path);
  useEffect(() => {
    const stops = [followKeys(), followTitle(), followAlarms()];
    return () => stops.forEach(stop => stop());
  }, []);
  useEffect(() => {
    if (before.current === path) return;
    before.current = path;
    setMenu(false);
    scrollTo(0, 0);
    main.current?.focus({ preventScroll: true });
  }, [path]);
  return (
    <>
      <a
        class="skip"
        href="#main"
        onClick={event => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        Skip to the page
      </a>
      <div class="frame">
        <Rail />
        <div class="stage">
          <header class="head">
            <div class="top-bar">
              <h1>{tab.title}</h1>
              <AccountChoice />
              <span class="gap" />
              <MarketClock />
              <ConnectionState />
              <StatePill />
              <AlarmMenu />
              <HaltButton />
              <UserMenu />
            </div>
            <Banners />
          </header>
          <main class="page" id="main" ref={main} tabIndex={-1} aria-label={tab.title}>
            <Outlet tab={tab} />
          </main>
        </div>
      </div>
      <div class="bottom-bar" role="group" aria-label="State and halt">
        <Button label="Pages" onClick={() => setMenu(true)}>
          <Icon name="menu" />
        </Button>
        <StatePill />
        <HaltButton />
      </div>
      <Dialog title="Pages" open={menu} onClose={() => setMenu(false)} sheet>
        <Rail onGo={() => setMenu(false)} />
      </Dialog>
      <HaltDialog />
      <ShortcutsDialog />
      <Toasts />
    </>
  );
};
