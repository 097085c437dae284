import { Cell, Grid } from '../parts/grid.js';
import { Tabs } from '../parts/tabs.js';
import { AboutPanel } from '../settings/about-panel.js';
import { DoctorPanel } from '../settings/doctor-panel.js';
import { HistoryPanel } from '../settings/history-panel.js';
import { PasswordPanel } from '../settings/password-panel.js';
import { SettingsPanel } from '../settings/settings-panel.js';
import { TokensPanel } from '../settings/tokens-panel.js';
import '../research/page-shapes.css';
import '../settings/settings.css';
import { place, setQuery } from '../state/route.js';

const PARTS = [
  { key: 'settings', title: 'Settings' },
  { key: 'history', title: 'History' },
  { key: 'access', title: 'Password and tokens' },
  { key: 'doctor', title: 'Doctor' },
  { key: 'about', title: 'About' },
] as const;

/** Settings of the workspace, access, health and notices; `?part=` names the one in sight. */
export default function Settings() {
  const asked = place.value.query.get('part');
  const part = PARTS.find(({ key }) => key === asked)?.key ?? 'settings';
  return (
    <div class="study">
      <Grid>
        <Cell span={12}>
          <Tabs label="Parts of the settings" items={PARTS} chosen={part} onChoose={key => setQuery({ part: key })} />
        </Cell>
        <Cell span={12}>
          {part === 'settings' ? <SettingsPanel /> : null}
          {part === 'history' ? <HistoryPanel /> : null}
          {part === 'access' ? (
            <div class="stack">
              <PasswordPanel />
              <TokensPanel />
            </div>
          ) : null}
          {part === 'doctor' ? <DoctorPanel /> : null}
          {part === 'about' ? <AboutPanel /> : null}
        </Cell>
      </Grid>
    </div>
  );
}
