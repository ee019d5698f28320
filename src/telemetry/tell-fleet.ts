import type { Snapshot } from '../domain/snapshot.ts';
import { CATALOGUE } from './catalogue.ts';
import { failoverRows } from './failover.ts';
import { countOf, type FleetFigures } from './fleet-figures.ts';
import { hostLoadRows, hostPowerRows, hostsByLoadRows, loadRows, sortedLoads } from './fleet-rows.ts';
import type { Instruments } from './instruments.ts';

export function tellFleet(to: Instruments, snapshot: Snapshot, figures: FleetFigures): void {
  const loads = sortedLoads(snapshot, figures);
  to.set(CATALOGUE.vms, snapshot.vms.ids.length);
  to.replace(CATALOGUE.hosts, hostPowerRows(snapshot));
  to.set(CATALOGUE.hostsInMaintenance, countOf(snapshot.hosts.maintenance, 1));
  to.replace(CATALOGUE.failover, failoverRows(snapshot, figures));
  to.replace(CATALOGUE.load, loadRows(figures));
  to.replace(CATALOGUE.hostLoad, hostLoadRows(loads));
  to.replace(CATALOGUE.hostsByLoad, hostsByLoadRows(loads));
  to.set(CATALOGUE.watts, figures.totalWatts);
  to.set(CATALOGUE.expectedWatts, figures.expectedWatts);
  to.set(CATALOGUE.hostsMetered, figures.hostsMetered);
  to.set(CATALOGUE.hostsUnexpectedWatts, figures.hostsUnexpected);
}
