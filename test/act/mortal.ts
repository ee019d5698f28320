import type { ExecutorParts } from '../../src/act/executor.ts';
import type { Driver } from '../../src/ports/driver.ts';
import type { HookCaller } from '../../src/ports/hook-caller.ts';
import type { Stage } from './stage.ts';

/** Everything through which an executor touches the world; once cut, it is as dead as a killed process. */
export function mortal({ clock, driver, journal, hooks, caller }: Stage) {
  let isDead = false;
  const never = new Promise<never>(() => {});
  const life: Pick<ExecutorParts, 'clock' | 'driver' | 'journal' | 'hooks' | 'caller'> & { kill: () => void } = {
    hooks,
    caller: {
      call: (...asked: Parameters<HookCaller['call']>) => {
        const run = caller.call(...asked);
        return { cancel: run.cancel, ended: run.ended.then((answer) => (isDead ? never : answer)) };
      },
    },
    kill: () => {
      isDead = true;
    },
    clock: { nowMs: () => clock.nowMs(), after: (ms, call) => clock.after(ms, () => (isDead ? undefined : call())) },
    driver: Object.assign(Object.create(driver), {
      inventory: () => driver.inventory().then((inventory) => (isDead ? never : inventory)),
      migrate: (...[order, progressed]: Parameters<Driver['migrate']>) => {
        const migration = driver.migrate(order, (state, progress) =>
          isDead ? undefined : progressed(state, progress),
        );
        return { ...migration, ended: migration.ended.then((end) => (isDead ? never : end)) };
      },
      switchOn: (host: string) => driver.switchOn(host).then((end) => (isDead ? never : end)),
      switchOff: (host: string) => driver.switchOff(host).then((end) => (isDead ? never : end)),
    }),
    journal,
  };
  return life;
}
