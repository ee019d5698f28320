import type { Checker } from './checker.ts';

/** No host is told to go down on which something runs, or to or from which something is on its way. */
export function switchingOff(): Checker {
  return {
    property: 'nothing runs where Drover switches off',
    judge(happening, { land }) {
      if (happening.kind !== 'switch ordered' || happening.by !== 'drover' || happening.to !== 'off') return [];
      const { host } = happening;
      const { vms, flights } = land.truth();
      const found = [
        ...vms.filter((vm) => vm.host === host).map(({ id }) => ({ id, words: `${id} runs on ${host}` })),
        ...flights
          .filter(({ from, to }) => from === host || to === host)
          .map(({ vm, from, to }) => ({ id: vm, words: `${vm} is on its way from ${from} to ${to}` })),
      ];
      return found.filter(({ id }) => !land.sight.couldNotKnow([id])).map(({ words }) => words);
    },
  };
}
