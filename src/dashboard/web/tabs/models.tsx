import { Panel } from '../parts/panel.js';

export default function Models() {
  return <Panel title="Models">Nothing here yet.</Panel>;
}
