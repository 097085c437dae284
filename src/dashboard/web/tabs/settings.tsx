import { Panel } from '../parts/panel.js';

export default function Settings() {
  return <Panel title="Settings">Nothing here yet.</Panel>;
}
