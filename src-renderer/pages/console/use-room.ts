// The room an element has, and the monitor's pixels per CSS pixel; both change as windows are resized and moved.
import { type RefObject, useEffect, useState } from 'react';
import type { Size } from '../../display/screen-layout.ts';

export function useRoom(element: RefObject<HTMLElement | null>): { room: Size; pixelRatio: number } {
  const [room, setRoom] = useState<Size>({ width: 720, height: 400 });
  const [pixelRatio, setPixelRatio] = useState(window.devicePixelRatio);
  useEffect(() => {
    const watched = element.current;
    if (!watched) return;
    const observer = new ResizeObserver(() => setRoom({ width: watched.offsetWidth, height: watched.offsetHeight }));
    observer.observe(watched);
    return () => observer.disconnect();
  }, [element]);
  useEffect(() => {
    const query = window.matchMedia(`(resolution: ${pixelRatio}dppx)`);
    const listen = (): void => setPixelRatio(window.devicePixelRatio);
    query.addEventListener('change', listen, { once: true });
    return () => query.removeEventListener('change', listen);
  }, [pixelRatio]);
  return { room, pixelRatio };
}
