import type { Scenario } from '../scenario.js';

export const soak: Scenario = {
  number: 25,
  name: 'soak',
  inject: 'all of the above at low rates, for hours of market time',
  expect: 'every law holds',
  options: { activeMs: 600_000 },
  play: ({ at, between, world, host }) => {
    between(5, 595, {
      loseAnswer: 0.01,
      loseRequest: 0.01,
      vagueAnswer: 0.01,
      loseRead: 0.01,
      slowRequest: 0.01,
      duplicateEvent: 0.05,
      lateEvent: 0.03,
      lateMs: 60_000,
      omitEvent: 0.03,
      hostile: 0.01,
      omitBar: 0.02,
      duplicateBar: 0.02,
      lateBar: 0.02,
    });
    for (let seconds = 60; seconds < 580; seconds += 97) at(seconds, () => host.crash());
    for (let seconds = 45; seconds < 580; seconds += 131) at(seconds, () => world.lines.cutPrivate('cut', true));
    at(300, () => Object.assign(world.weather, { outage: '5xx', outageUntil: world.time.now + 8_000 }));
    at(400, () => Object.assign(world.weather, { banUntil: world.time.now + 10_000 }));
  },
  sometimes: ['process:crash', 'private:cut', 'event:omitted', 'answer:lost', 'outage:5xx', 'ban:429'],
};
