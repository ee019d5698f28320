import { RESOURCES } from '../../domain/resources.ts';
import { moneyWords, shareWords, spanWords } from '../../domain/words.ts';
import type { FleetView, StatusView } from '../../serve/api.ts';
import { defineCommand } from '../command.ts';
import { clientOf, DAEMON_OPTIONS } from '../daemon-client.ts';
import { staysOnLines } from '../decision-lines.ts';
import { DONE } from '../io.ts';

const W_PER_KW = 1_000;

export const status = defineCommand({
  name: 'status',
  group: 'look',
  about: 'How the daemon and its datacenter are',
  more: '',
  operands: [],
  options: DAEMON_OPTIONS,
  examples: ['drover status', 'drover status --json | jq .fleet.watts', 'drover status --url http://10.0.0.5:7070'],
  async run(call) {
    const view = await clientOf(call).status();
    if (call.json) await call.out.printJson(view);
    else await call.out.printLines(statusLines(view));
    return DONE;
  },
});

export function statusLines(view: StatusView): string[] {
  const power = view.power ? 'hosts are switched' : 'hosts are not switched';
  const cycle = view.lastCycleAtMs === null ? 'none yet' : `the last ${spanWords(view.nowMs - view.lastCycleAtMs)} ago`;
  return [
    `cluster     ${view.cluster}: ${view.state}, driver ${view.driver}, Drover ${view.version}`,
    ...(view.notReadyBecause === '' ? [] : [`not ready   ${view.notReadyBecause}`]),
    ...view.troubles.map((words) => `look after  ${words}`),
    `mode        ${view.mode}; ${power}`,
    ...(view.pausedSinceMs === null
      ? []
      : [`paused      for ${spanWords(view.nowMs - view.pausedSinceMs)}; \`drover resume\` goes on`]),
    `time there  ${new Date(view.nowMs).toISOString()}, ${spanWords(view.nowMs - view.startedAtMs)} since the start`,
    `cycles      ${view.cycles}, ${cycle}`,
    ...(view.fleet === null ? ['fleet       not seen yet'] : fleetLines(view.fleet, view.prices.currency)),
  ];
}

function fleetLines(fleet: FleetView, currency: string): string[] {
  const states = Object.entries(fleet.hostsByPower).filter(([, count]) => count > 0);
  const loads = RESOURCES.map(({ name }) => `${name} ${shareWords(fleet.share[name])}`);
  const cost = fleet.costPerHour === null ? 'not known yet' : `${moneyWords(fleet.costPerHour, currency)}/h`;
  return [
    `hosts       ${fleet.hosts}: ${states.map(([state, count]) => `${count} ${state}`).join(', ')}`,
    `vms         ${fleet.vms}, ${fleet.migrations} of them moving`,
    `load        ${loads.join(', ')} of what the hosts that are on offer`,
    `draw        ${kilowatts(fleet.watts)}; hosts that are off save ${kilowatts(fleet.savedWatts)}`,
    `cost        ${cost}`,
    `violations  ${fleet.violations}`,
    ...staysOnLines(fleet.staysOn),
  ];
}

const kilowatts = (watts: number): string => `${(watts / W_PER_KW).toFixed(2)} kW`;
