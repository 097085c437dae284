import { Panel } from '../parts/panel.js';

export default function Data() {
  return <Panel title="Data">Nothing here yet.</Panel>;
}
