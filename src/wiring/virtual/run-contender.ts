import type { Settings } from '../../config/settings.ts';
import type { Run } from '../../contest/run.ts';
import { ENDED } from '../../domain/plan.ts';
import type { Refusal } from '../../domain/rule.ts';
import { HOUR, MINUTE, SECOND } from '../../domain/units.ts';
import type { Shelf } from '../../loading/library.ts';
import { loadPolicies } from '../../loading/load-policies.ts';
import { kpisOf } from '../../simulator/kpis.ts';
import { datacenterOf, endOfMs, inventoryOf, type Scenario } from '../../simulator/scenario.ts';
import { Deeds } from './deeds.ts';
import { LoopBook } from './loop-book.ts';
import { runVirtually } from './run-virtually.ts';
import { SeriesBook } from './series-book.ts';
import { makeVirtualWorld, onVirtualTime } from './virtual-world.ts';

/** Drover with these settings, under a name. */
export interface Contender {
  readonly name: string;
  readonly settings: Settings;
}

export interface Job {
  readonly contender: Contender;
  readonly scenario: Scenario;
  readonly seed: number;
}

const DEEDS_TOLD = 40;

/** Lives through the scenario from its start to its end; or says why that is not possible. */
export async function runContender(job: Job, passed: (share: number) => void): Promise<Run | Refusal> {
  const { contender, scenario, seed } = job;
  const inventory = inventoryOf(scenario, seed);
  if ('because' in inventory) return inventory;
  const settings = steppedSettings(contender.settings, scenario.stepSeconds);
  const datacenter = datacenterOf(scenario, inventory, seed);
  const shelf = await shelfOf(settings.policyFolders);
  const world = makeVirtualWorld({ settings: onVirtualTime(settings), shelf, datacenter });
  const series = new SeriesBook(settings.prices);
  const loop = new LoopBook(settings.observe.soonMinutes);
  const deeds = new Deeds(DEEDS_TOLD);
  const { daemon, clock } = world;
  daemon.events.subscribe((event) => {
    if (event.kind === 'step' && ENDED.has(event.status.state)) deeds.ended(event.status);
    if (event.kind !== 'verdicts') return;
    const [verdicts] = daemon.verdicts();
    loop.cycle(daemon.snapshot()!, verdicts);
    if (verdicts !== undefined) deeds.decided(verdicts.decisions);
  });
  const untilMs = endOfMs(scenario, inventory);
  const spanMs = untilMs - inventory.atMs;
  await runVirtually(world, {
    untilMs,
    tickMs: scenario.stepSeconds * SECOND,
    onTick: () => {
      series.look(datacenter);
      passed((clock.nowMs() - inventory.atMs) / spanMs);
    },
  });
  const kpis = kpisOf(datacenter.readings(), spanMs / HOUR, settings.prices);
  const figures = loop.figures();
  return { contender: contender.name, seed, kpis, loop: figures, series: series.series, deeds: deeds.best(untilMs) };
}

async function shelfOf(folders: readonly string[]): Promise<Shelf> {
  const { policies } = await loadPolicies({ folders });
  return policies.map((good) => ({ id: good.policy.id, good, trouble: '', gone: false }));
}

/** So many steps make up what counts as lately. */
const SLOW_WINDOW_STEPS = 8;

/** What is measured less often is looked at over longer windows; what a run leaves behind is of no use to anybody. */
function steppedSettings(settings: Settings, stepSeconds: number): Settings {
  const { observe, history, telemetry } = settings;
  const { fastWindowSeconds, slowWindowSeconds, hotSeconds, soonMinutes, laterMinutes } = observe;
  const stepMinutes = (stepSeconds * SECOND) / MINUTE;
  return {
    ...settings,
    observe: {
      ...observe,
      sampleSeconds: stepSeconds,
      cycleSeconds: stepSeconds,
      fastWindowSeconds: Math.max(fastWindowSeconds, stepSeconds),
      slowWindowSeconds: Math.max(slowWindowSeconds, SLOW_WINDOW_STEPS * stepSeconds),
      hotSeconds: Math.max(hotSeconds, stepSeconds),
      soonMinutes: Math.max(soonMinutes, stepMinutes),
      laterMinutes: Math.max(laterMinutes, stepMinutes),
      // Made-up and recorded loads do stand still.
      frozenAfterSamples: 0,
    },
    history: { ...history, caseMostVms: 0 },
    telemetry: { ...telemetry, perHostSeries: false, perVmSeries: false },
  };
}
