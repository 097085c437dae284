import { Panel } from '../parts/panel.js';

export default function Journal() {
  return <Panel title="Journal">Nothing here yet.</Panel>;
}
