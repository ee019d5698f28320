import type { Checker } from './checker.ts';

/** No step is issued twice, in whatever life; and no VM is sent off again while Drover's own order is under way. */
export function once(): Checker {
  const issued = new Set<string>();
  return {
    property: 'no step is issued twice',
    judge(happening, { land }) {
      const isMove = happening.kind === 'migration ordered';
      if ((!isMove && happening.kind !== 'switch ordered') || happening.by !== 'drover') return [];
      const id = isMove ? happening.order.id : happening.id;
      const found = issued.has(id) ? [`${id} is issued twice`] : [];
      issued.add(id);
      if (!isMove) return found;
      const { vm } = happening.order;
      const other = [...land.underWay.values()].find(
        (order) => order.by === 'drover' && order.vm === vm && order.id !== id,
      );
      if (other === undefined || land.sight.couldNotKnow([vm])) return found;
      const isFlying = land.truth().flights.some((flight) => flight.vm === vm);
      return isFlying ? [...found, `${id} sends ${vm} off while ${other.id} is under way`] : found;
    },
  };
}
