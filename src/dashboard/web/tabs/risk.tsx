import { Panel } from '../parts/panel.js';

export default function Risk() {
  return <Panel title="Risk">Nothing here yet.</Panel>;
}
