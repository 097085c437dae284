import { Panel } from '../parts/panel.js';

export default function Market() {
  return <Panel title="Market">Nothing here yet.</Panel>;
}
