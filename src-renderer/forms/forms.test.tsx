// @vitest-environment happy-dom
import { cleanup, fireEvent, render, screen } from '@testing-library/react';
import { type ReactElement, useState } from 'react';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { type BootDevice, BootOrderControl } from './boot-order-control.tsx';
import { NumberControl, numberOf } from './controls.tsx';
import { Field, FieldSearch } from './field.tsx';
import { memoryPlace, memorySteps, zonesOf } from './memory-zones.ts';
import { formatSize, parseSize } from './size.ts';
import { isWholePath } from './whole-path.ts';

// Nothing here talks to a host.
vi.mock('../client/client.ts', () => ({
  client: { on: () => () => {}, onConnection: () => () => {} },
  HostError: Error,
}));
afterEach(cleanup);

describe('sizes', () => {
  it.each([
    ['20 GiB', 20 * 2 ** 30],
    ['500mb', 500 * 2 ** 20],
    ['1,5 T', 1.5 * 2 ** 40],
    ['1.44 MiB', 1_509_888],
  ])('%s is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  it.each(['', '20', 'GiB', '-1 GiB', '1e3 MiB', '20 PiB'])('"%s" is none', (text) => {
    expect(parseSize(text)).toBeNaN();
  });

  it('read as they were written', () => {
    for (const text of ['20 GiB', '1.5 TiB', '512 MiB']) expect(formatSize(parseSize(text))).toBe(text);
  });
});

describe('the memory slider', () => {
  it('has a place for each size, in order', () => {
    const places = [4, 5, 48, 500, 512, 3000, 3584, 9999].map(memoryPlace);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(memoryPlace(3584)).toBe(memorySteps.length - 1);
  });

  it('warns where half of the host is passed, and more where four fifths are', () => {
    const [tight, excessive] = zonesOf(2048);
    expect(tight).toBeCloseTo(memoryPlace(1024) / (memorySteps.length - 1));
    expect(excessive).toBeGreaterThan(tight);
    expect(zonesOf(64_000)).toEqual([1, 1]);
  });
});

it('knows a whole path of either system', () => {
  expect(['/a', 'C:\\a', '\\\\server\\a'].map(isWholePath)).toEqual([true, true, true]);
  expect(['', '/', 'a', './a', 'C:a'].map(isWholePath)).toEqual([false, false, false, false, false]);
});

it('takes digits for a number and nothing else', () => {
  expect([numberOf('12'), numberOf('')]).toEqual([12, Number.NaN]);
  for (const text of ['-1', '1.5', '1e3', '0x10', 'ten']) expect(numberOf(text)).toBeNaN();
});

it('keeps what is typed into a number field until another value comes from elsewhere', () => {
  const onChange = vi.fn();
  const Host = (): ReactElement => {
    const [value, setValue] = useState(512);
    return (
      <Field label="Memory">
        {(ids) => (
          <>
            <NumberControl
              ids={ids}
              unit="MiB"
              value={value}
              onChange={(typed) => {
                onChange(typed);
                setValue(typed);
              }}
            />
            <button type="button" onClick={() => setValue(64)}>
              slide
            </button>
          </>
        )}
      </Field>
    );
  };
  render(<Host />);
  const input = screen.getByLabelText<HTMLInputElement>('Memory');
  fireEvent.change(input, { target: { value: '10x' } });
  expect(onChange).toHaveBeenLastCalledWith(Number.NaN);
  expect(input.value).toBe('10x');
  fireEvent.click(screen.getByText('slide'));
  expect(input.value).toBe('64');
});

it('marks a field that is searched for', () => {
  const { container } = render(
    <FieldSearch value="vide">
      <Field label="Video memory">{() => null}</Field>
      <Field label="Monitors">{() => null}</Field>
    </FieldSearch>,
  );
  expect(container.querySelectorAll('[data-found]')).toHaveLength(1);
});

describe('the boot order', () => {
  const Host = ({ onOrder }: { onOrder(order: BootDevice[]): void }): ReactElement => {
    const [order, setOrder] = useState<BootDevice[]>(['cdrom', 'disk']);
    return (
      <Field label="Boot order" isGroup>
        {(ids) => (
          <BootOrderControl
            ids={ids}
            value={order}
            onChange={(changed) => {
              onOrder(changed);
              setOrder(changed);
            }}
          />
        )}
      </Field>
    );
  };

  it('moves by its arrows', () => {
    const onOrder = vi.fn();
    render(<Host onOrder={onOrder} />);
    fireEvent.click(screen.getByRole('button', { name: 'Move Hard disk up' }));
    expect(onOrder).toHaveBeenLastCalledWith(['disk', 'cdrom']);
  });

  it('moves by Alt with the arrow keys', () => {
    const onOrder = vi.fn();
    render(<Host onOrder={onOrder} />);
    fireEvent.keyDown(screen.getByRole('checkbox', { name: 'Optical' }), { key: 'ArrowDown', altKey: true });
    expect(onOrder).toHaveBeenLastCalledWith(['disk', 'cdrom']);
  });

  it('leaves out what is not ticked, and takes it back at its place', () => {
    const onOrder = vi.fn();
    render(<Host onOrder={onOrder} />);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Optical' }));
    expect(onOrder).toHaveBeenLastCalledWith(['disk']);
    fireEvent.click(screen.getByRole('checkbox', { name: 'Optical' }));
    expect(onOrder).toHaveBeenLastCalledWith(['cdrom', 'disk']);
  });
});
