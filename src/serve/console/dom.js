/** The few things that every part of the page does to the document. Text only ever goes in as text. */

export const byId = (id) => document.getElementById(id);

export function make(tag, className = '', text = '') {
  const element = document.createElement(tag);
  if (className !== '') element.className = className;
  if (text !== '') element.textContent = text;
  return element;
}

/** Writing what is there already would still cost a layout. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

export function setClass(element, className) {
  if (element.className !== className) element.className = className;
}

export function setAttribute(element, name, value) {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/**
 * Makes the children of `parent` follow the items: each key keeps its element, new ones are made, gone ones removed, and
 * the order becomes that of the items.
 */
export function follow(parent, items, keyOf, create, update) {
  const known = new Map(Array.from(parent.children, (child) => [child.dataset.key, child]));
  let before = null;
  for (const item of items) {
    const key = keyOf(item);
    const element = known.get(key) ?? create(item);
    known.delete(key);
    element.dataset.key = key;
    update(element, item);
    const place = before === null ? parent.firstElementChild : before.nextElementSibling;
    if (place !== element) parent.insertBefore(element, place);
    before = element;
  }
  for (const gone of known.values()) gone.remove();
}
