import { Panel } from '../parts/panel.js';

export default function Promotion() {
  return <Panel title="Promotion">Nothing here yet.</Panel>;
}
