/** A virtual list of rows of many heights, with handles for message-list.spec.ts. Never part of the product's bundle. */
import { createVirtualList } from '../../../static/ui/virtual-list.ts';
import { h } from '../../../static/ui/h.ts';

type Item = { key: string; height: number };

const make = (number: number): Item => ({ key: String(number), height: 30 + ((number * 37) % 90) });
const range = (from: number, count: number): Item[] =>
  Array.from({ length: count }, (_, index) => make(from + index));
const edge = (item: Item | undefined): number => Number(item?.key ?? 0);

let items = range(1_000, 200);
const list = createVirtualList<Item>({
  label: 'rows',
  keyOf: (item) => item.key,
  estimate: () => 50,
  createRow: (item) => {
    const element = h('div', { class: 'row' }, item.key);
    const update = (next: Item): void => element.style.setProperty('height', `${next.height}px`);
    update(item);
    return { element, update, dispose: () => undefined };
  },
  onMoved: () => undefined,
});
const host = h('div', {}, list.element);
host.style.setProperty('height', '600px');
document.body.appendChild(host);
list.reset(items);

const change = (next: Item[]): void => {
  items = next;
  list.setItems(items);
};

export const handles = {
  prepend: (count: number) => change([...range(edge(items[0]) - count, count), ...items]),
  append: (count: number) => change([...items, ...range(edge(items[items.length - 1]) + 1, count)]),
  grow: (key: string, by: number) =>
    change(items.map((item) => (item.key === key ? { ...item, height: item.height + by } : item))),
  shrinkPane: (height: number) => host.style.setProperty('height', `${height}px`),
};
Object.assign(window, { handles });
