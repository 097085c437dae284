import { Panel } from '../parts/panel.js';

export default function Overview() {
  return <Panel title="Overview">Nothing here yet.</Panel>;
}
