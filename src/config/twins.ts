import type * as z from 'zod';

/** Refuses, in the list of that name, what has the id of another before it. */
export function refuseTwins(list: string) {
  return (elements: readonly { readonly id: string }[], context: z.RefinementCtx): void => {
    const first = new Map<string, number>();
    elements.forEach(({ id }, index) => {
      const twin = first.get(id);
      if (twin === undefined) first.set(id, index);
      else {
        const message = `is "${id}" like ${list}[${twin}].id, should be unique`;
        context.addIssue({ code: 'custom', path: [index, 'id'], message });
      }
    });
  };
}
