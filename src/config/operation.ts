import * as z from 'zod';
import { amount, choice, flag, whole } from './fields.ts';
import { type CoexistenceSettings, type HistorySettings, type HostPowerSettings, STANDS_BACK } from './settings.ts';

/** How hosts are switched, once they may be. */
export function hostPowerSchema(defaults: HostPowerSettings, isSimulated: boolean) {
  const proven = flag('Hosts count as seen to come back although they were not; only for the simulated datacenter');
  const checked = isSimulated
    ? proven
    : proven.refine((isProven) => !isProven, {
        error: 'is true, should be false for real hosts; `drover vouch HOST` lets a person answer for one',
      });
  return z
    .strictObject({
      provenByDefault: checked.default(defaults.provenByDefault),
      proveWhenCalm: flag(
        'Whether a host that was never seen to come back is switched off and on once for a trial, when all is calm',
      ).default(defaults.proveWhenCalm),
      wakeOthers: flag('Whether hosts may be woken that somebody else switched off').default(defaults.wakeOthers),
    })
    .describe('How hosts are switched on and off, where they may be')
    .prefault({});
}

export function coexistenceSchema(defaults: CoexistenceSettings) {
  return z
    .strictObject({
      standBack: choice(
        STANDS_BACK,
        'When somebody else moves a VM, or a host shuts its own down: nothing is changed; that VM or host is left alone; or nothing is begun in the whole cluster',
      ).default(defaults.standBack),
      minutes: amount('minutes', 'How long after the last time').default(defaults.minutes),
    })
    .describe('Whether other schedulers and persons at the hosts are given way to')
    .prefault({});
}

export function historySchema(defaults: HistorySettings) {
  return z
    .strictObject({
      cycles: whole('Cycles of which decisions are kept', 1).default(defaults.cycles),
      plans: whole('Plans that are kept', 1).default(defaults.plans),
      steps: whole('Steps that are kept with their outcome', 1).default(defaults.steps),
      cases: whole('Cycles of which the case is kept, to decide them again; 0: none').default(defaults.cases),
      caseMegabytes: amount('megabytes', 'All cases together take no more on disk than').default(
        defaults.caseMegabytes,
      ),
      caseMostVms: whole('Larger datacenters are not kept as cases: that would hold up the cycle').default(
        defaults.caseMostVms,
      ),
    })
    .describe('How much of the past is kept; the oldest goes first')
    .prefault({});
}
