import { Panel } from '../parts/panel.js';

export default function Research() {
  return <Panel title="Research">Nothing here yet.</Panel>;
}
