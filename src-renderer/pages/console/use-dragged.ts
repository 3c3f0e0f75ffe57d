// Lets a panel be dragged by its handle, within the element it lies in.
import { type CSSProperties, type PointerEvent, type RefObject, useState } from 'react';

export function useDragged(panel: RefObject<HTMLElement | null>): {
  style: CSSProperties;
  handle: {
    onPointerDown(event: PointerEvent): void;
    onPointerMove(event: PointerEvent): void;
  };
} {
  const [offset, setOffset] = useState({ x: 0, y: 0 });
  const [grip, setGrip] = useState({ x: 0, y: 0 });
  return {
    style: { transform: `translate(calc(-50% + ${offset.x}px), ${offset.y}px)` },
    handle: {
      onPointerDown: (event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setGrip({ x: event.clientX - offset.x, y: event.clientY - offset.y });
      },
      onPointerMove: (event) => {
        const room = panel.current?.parentElement?.getBoundingClientRect();
        const own = panel.current?.getBoundingClientRect();
        if (!event.currentTarget.hasPointerCapture(event.pointerId) || !room || !own) return;
        const wanted = { x: event.clientX - grip.x, y: event.clientY - grip.y };
        // Where it would be without an offset.
        const left = own.left - offset.x;
        const top = own.top - offset.y;
        setOffset({
          x: clamp(wanted.x, room.left - left, room.right - own.width - left),
          y: clamp(wanted.y, room.top - top, room.bottom - own.height - top),
        });
      },
    },
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.max(Math.min(low, high), Math.min(Math.max(low, high), value));
}
