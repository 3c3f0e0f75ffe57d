import { describe, expect, it } from 'vitest';
import {
  buildTree,
  flatten,
  freeGroupName,
  move,
  moveToGroup,
  renameGroup,
  sorted,
  step,
  type TreeNode,
  toEntries,
  ungroup,
} from './list-model.ts';

const tree = buildTree([
  { id: 'a', name: 'a', group: '' },
  { id: 'b', name: 'b', group: 'Lab' },
  { id: 'c', name: 'c', group: 'Lab/Web' },
  { id: 'd', name: 'd', group: '' },
  { id: 'e', name: 'e', group: 'Lab' },
]);
const told = (nodes: TreeNode[] | null): string[] | null =>
  nodes && toEntries(nodes).map(({ id, group }) => (group === '' ? id : `${group}/${id}`));

describe('the machine list', () => {
  it('shows groups where their first machine stands, with counts, levels and places', () => {
    expect(flatten(tree, () => false)).toMatchObject([
      { key: 'm:a', level: 1, position: 1, setSize: 3 },
      { key: 'g:Lab', level: 1, position: 2, setSize: 3, count: 3 },
      { key: 'm:b', level: 2, position: 1, setSize: 3 },
      { key: 'g:Lab/Web', level: 2, position: 2, setSize: 3, count: 1 },
      { key: 'm:c', level: 3, position: 1, setSize: 1 },
      { key: 'm:e', level: 2, position: 3, setSize: 3 },
      { key: 'm:d', level: 1, position: 3, setSize: 3 },
    ]);
  });

  it('hides what is in a collapsed group and puts inaccessible machines last', () => {
    const rows = flatten(tree, (path) => path === 'Lab', [{ folder: '/x', reason: 'damaged' }]);
    expect(rows.map(({ key }) => key)).toEqual(['m:a', 'g:Lab', 'm:d', 'x:/x']);
    expect(rows.at(-1)).toMatchObject({ position: 4, setSize: 4 });
  });

  it('moves rows before, after and into others', () => {
    expect(told(move(tree, ['m:d'], { key: 'm:a', zone: 'before' }))).toEqual([
      'd',
      'a',
      'Lab/b',
      'Lab/Web/c',
      'Lab/e',
    ]);
    expect(told(move(tree, ['m:a', 'm:d'], { key: 'm:b', zone: 'after' }))).toEqual([
      'Lab/b',
      'Lab/a',
      'Lab/d',
      'Lab/Web/c',
      'Lab/e',
    ]);
    expect(told(move(tree, ['m:a'], { key: 'g:Lab/Web', zone: 'into' }))).toEqual([
      'Lab/b',
      'Lab/Web/c',
      'Lab/Web/a',
      'Lab/e',
      'd',
    ]);
    expect(told(move(tree, ['g:Lab/Web'], null))).toEqual(['a', 'Lab/b', 'Lab/e', 'd', 'Web/c']);
  });

  it('does not put a group into itself', () => {
    expect(move(tree, ['g:Lab'], { key: 'g:Lab/Web', zone: 'into' })).toBeNull();
    expect(move(tree, ['g:Lab'], { key: 'g:Lab', zone: 'into' })).toBeNull();
    expect(moveToGroup(tree, ['g:Lab'], 'Lab/Web')).toBeNull();
  });

  it('takes a group once when its machines are selected with it', () => {
    expect(told(move(tree, ['g:Lab', 'm:b'], { key: 'm:d', zone: 'after' }))).toEqual([
      'a',
      'd',
      'Lab/b',
      'Lab/Web/c',
      'Lab/e',
    ]);
  });

  it('makes a new group in the place of its first machine', () => {
    expect(told(moveToGroup(tree, ['m:a', 'm:d'], 'New'))).toEqual(['New/a', 'New/d', 'Lab/b', 'Lab/Web/c', 'Lab/e']);
    expect(freeGroupName(tree, 'Lab')).toBe('Lab 2');
    expect(freeGroupName(tree, 'New')).toBe('New');
  });

  it('joins groups of the same name', () => {
    const two = buildTree([
      { id: 'a', name: 'a', group: 'One/Same' },
      { id: 'b', name: 'b', group: 'Same' },
    ]);
    expect(told(move(two, ['g:One/Same'], null))).toEqual(['Same/b', 'Same/a']);
    expect(told(renameGroup(two, 'One', 'Same'))).toEqual(['Same/b', 'Same/Same/a']);
  });

  it('renames, dissolves and steps', () => {
    expect(told(renameGroup(tree, 'Lab', 'Work'))).toContain('Work/Web/c');
    expect(told(ungroup(tree, 'Lab'))).toEqual(['a', 'b', 'Web/c', 'e', 'd']);
    expect(told(step(tree, 'm:d', -1))).toEqual(['a', 'd', 'Lab/b', 'Lab/Web/c', 'Lab/e']);
    expect(step(tree, 'm:a', -1)).toBeNull();
  });

  it('sorts groups first, numbers by their value', () => {
    const machines = ['m10', 'm9', 'B', 'a'].map((name) => ({ id: name, name, group: name === 'B' ? 'Z' : '' }));
    expect(told(sorted(buildTree(machines)))).toEqual(['Z/B', 'a', 'm9', 'm10']);
  });
});
