import { POWER_STATES } from '../../domain/power.ts';
import { ONE, RESOURCE } from './labels.ts';
import { counter, gauge, oneOf } from './metric.ts';

export const LOAD_RANKS = ['lowest', 'median', 'p90', 'highest'] as const;
export type LoadRank = (typeof LOAD_RANKS)[number];

/** Tenths of a host's capacity, named by where they end. */
export const LOAD_BANDS = ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6', '0.7', '0.8', '0.9', '1', 'more'] as const;

const HOSTS = {
  hosts: gauge('drover_hosts', 'number', 'Hosts by power state.', { power: oneOf(POWER_STATES) }),
  hostsSuspect: gauge(
    'drover_hosts_suspect',
    'number',
    'Hosts that did not come on or go off when they were told to, and are left alone until a person clears them.',
  ),
  hostsInMaintenance: gauge('drover_hosts_in_maintenance', 'number', 'Hosts that are marked for maintenance.'),
  vms: gauge('drover_vms', 'number', 'VMs in the newest snapshot.'),
  failover: gauge(
    'drover_failover_hosts',
    'number',
    'How many hosts could fail at once, the largest first, while those left could still carry the load.',
    { resource: oneOf(['cpu', 'memory']) },
  ),
  failoverWanted: gauge('drover_failover_hosts_wanted', 'number', 'How many spare hosts the profile asks for.'),
};

const BALANCE = {
  load: gauge('drover_load_ratio', 'ratio', 'What is in use of what the hosts that are on offer together.', {
    resource: RESOURCE,
  }),
  hostLoad: gauge(
    'drover_host_load_ratio',
    'ratio',
    'Load of single hosts among those that are on: the lowest, the median, the 90th percentile and the highest.',
    { resource: RESOURCE, rank: oneOf(LOAD_RANKS) },
  ),
  hostsByLoad: gauge(
    'drover_hosts_by_load',
    'number',
    'Hosts that are on, by load in tenths of their capacity; each tenth is named by where it ends.',
    { resource: RESOURCE, band: oneOf(LOAD_BANDS) },
  ),
};

const POWER = {
  watts: gauge(
    'drover_power_watts',
    'watts',
    'Power drawn by all hosts: as measured, and by its power model where a host is not measured.',
  ),
  expectedWatts: gauge(
    'drover_power_expected_watts',
    'watts',
    'Power that all hosts should draw by their power models, states and loads.',
  ),
  hostsMetered: gauge('drover_hosts_metered', 'number', 'Hosts whose power draw is measured.'),
  hostsUnexpectedWatts: gauge(
    'drover_hosts_unexpected_watts',
    'number',
    'Hosts that are steadily on or off and draw clearly more or less than their power models say.',
  ),
  energy: counter('drover_energy_joules_total', 'joules', 'Energy drawn by all hosts since the daemon started.'),
  energySaved: counter(
    'drover_energy_saved_joules_total',
    'joules',
    'Energy that hosts which are off would have drawn more, had they idled, since the daemon started.',
  ),
  energySwitching: counter(
    'drover_energy_switching_joules_total',
    'joules',
    'Energy that hosts drew beyond idling while they booted or shut down: what saving costs.',
  ),
  energyPrice: gauge(
    'drover_energy_price_per_joule',
    'money per joule',
    'Price of a joule that reaches a server, with what the building draws on top of it.',
    { currency: ONE },
  ),
};

/** Hosts, how evenly they are loaded, and what they draw. */
export const FLEET = { ...HOSTS, ...BALANCE, ...POWER };
