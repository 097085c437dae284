import { Panel } from '../parts/panel.js';

export default function Orders() {
  return <Panel title="Orders">Nothing here yet.</Panel>;
}
