import { Panel } from '../parts/panel.js';

export default function Signals() {
  return <Panel title="Signals">Nothing here yet.</Panel>;
}
